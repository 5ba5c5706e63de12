// What the pages do: old addresses, sliders, quizzes that speak, prints that are whole.

// A notebook was one page; an address inside it leads to the section's own page.
const moved = document.getElementById("moved");
const follow = () => {
  const page = JSON.parse(moved.textContent)[decodeURIComponent(location.hash.slice(1))];
  if (page) location.replace(page);
};
if (moved) {
  follow();
  addEventListener("hashchange", follow);
}

// Sliders: each position has a picture, which is loaded when the slider is first touched.
for (const explorer of document.querySelectorAll(".explorer")) {
  const { controls, frames } = JSON.parse(explorer.querySelector("script").textContent);
  const tools = [...explorer.querySelectorAll("input, select")];
  const [picture, status] = [explorer.querySelector("img"), explorer.querySelector("[role=status]")];
  const file = (frame) => explorer.dataset.frames + frame.file;
  const places = () => tools.map((tool) => tool.selectedIndex ?? Number(tool.value));
  const say = (tool, number) => {
    if (!tool.labels[0] || tool.selectedIndex !== undefined) return;
    const text = controls[number].values[tool.value];
    tool.setAttribute("aria-valuetext", text);
    tool.nextElementSibling.textContent = text;
  };
  const show = (touched) => {
    let frame = frames[places().join()];
    if (!frame) {  // one moves at a time: the others return to where they start
      for (const [number, tool] of tools.entries())
        if (tool !== touched) tool.value = controls[number].start;
      frame = frames[places().join()];
    }
    tools.forEach(say);
    picture.src = file(frame);
    picture.alt = status.textContent = frame.words;
  };
  const load = () => Object.values(frames).forEach((frame) => { new Image().src = file(frame); });
  for (const event of ["pointerdown", "focusin"]) explorer.addEventListener(event, load, { once: true });
  explorer.addEventListener("input", (event) => show(event.target));
  explorer.addEventListener("submit", (event) => event.preventDefault());
}

// A formula wider than the page is scrolled by keys, too.
for (const formula of document.querySelectorAll("div.math"))
  if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;

// Sphinx marks what was searched for only where no search is loaded; the theme loads it everywhere.
if (!document.getElementById("search-results")) SphinxHighlight.highlightSearchWords();

// Quizzes: what is said about an answer is read out.
for (const feedback of document.querySelectorAll(".Feedback")) feedback.setAttribute("role", "status");

// On paper nothing unfolds: what is folded is shown, but for the answers to the exercises.
let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("details:not([open], .answer)")];
  for (const details of unfolded) details.open = true;
  for (const picture of document.querySelectorAll("img[loading=lazy]")) picture.loading = "eager";
});
addEventListener("afterprint", () => unfolded.forEach((details) => { details.open = false; }));
