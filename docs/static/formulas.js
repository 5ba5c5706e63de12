// No menu: else every formula is a stop of the Tab key, and the menu fetches more files on demand.
// The MathML beside each formula stays; screen readers read it.
window.MathJax = {
  options: { enableMenu: false, enableAssistiveMml: true },
  startup: {
    pageReady: () => MathJax.startup.defaultPageReady().then(() => {
      for (const formula of document.querySelectorAll("mjx-container[display=true]"))
        if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;  // to scroll by keys
    }),
  },
};
