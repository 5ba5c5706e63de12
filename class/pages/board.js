// Renews the inside of a page every second; shows an exercise that is chosen; dark or light.

const SECOND = 1000;
const inside = document.querySelector("#inside");
const away = document.querySelector("#away");
let shown = "";

async function renew() {
  let isThere = false;
  try {
    const options = { headers: { "X-XSRFToken": inside.dataset.token }, redirect: "error" };
    const answer = await fetch(inside.dataset.from, options);
    const text = await answer.text();
    isThere = answer.ok;
    if (answer.ok && text !== shown) {
      shown = text;
      inside.innerHTML = text;
      fit();
    }
    if (answer.status === 403) logInAgain();
  } catch {} // the board is away, and perhaps soon back
  away.hidden = isThere || !shown;
  setTimeout(renew, SECOND);
}

// Letters as large as the page allows: nobody scrolls on a wall.
function fit() {
  if (!inside?.dataset.from.includes("wall")) return;
  inside.style.fontSize = "";
  const page = document.documentElement;
  let size = parseFloat(getComputedStyle(inside).fontSize);
  while (page.scrollHeight > innerHeight && size > 18) inside.style.fontSize = `${--size}px`;
}

// The board has been started anew, or the login is over: the page itself leads to the login.
function logInAgain() {
  const last = Number(sessionStorage.getItem("loggedIn"));
  if (Date.now() - last < 60 * SECOND) return;
  sessionStorage.setItem("loggedIn", Date.now());
  location.reload();
}

function setTheme(theme) {
  document.documentElement.style.colorScheme = theme;
  localStorage.setItem("board-theme", theme);
}

const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
let theme = localStorage.getItem("board-theme") || (isDark ? "dark" : "light");
setTheme(theme);
document.querySelector("#theme").addEventListener("click", () => {
  theme = theme === "dark" ? "light" : "dark";
  setTheme(theme);
});
document.querySelector("select")?.addEventListener("change", (event) => event.target.form.submit());
if (inside) renew();
addEventListener("resize", fit);
