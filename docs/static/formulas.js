// Without MathJax's menu: formulas are then no stops of the Tab key, and nothing is fetched on demand.
// The MathML beside each formula, which screen readers read, stays.
window.MathJax = { options: { enableMenu: false, enableAssistiveMml: true } };
