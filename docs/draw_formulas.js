// Draw formulas: reads a list of [TeX, whether it stands alone], writes a list of HTML.
const { init } = require("./node_modules/mathjax/es5/node-main.js");

const options = {
  loader: { load: ["input/tex", "output/svg"] },
  tex: { inlineMath: [["$", "$"]] },
  svg: { fontCache: "local" },
};
init(options).then((MathJax) => {
  const formulas = JSON.parse(require("fs").readFileSync(0, "utf-8"));
  const drawn = formulas.map(([tex, display]) => {
    const picture = MathJax.startup.adaptor.innerHTML(MathJax.tex2svg(tex, { display }));
    const spoken = MathJax.tex2mml(tex, { display }).replace(/\n\s*/g, "");
    return [picture.replace(' role="img"', ' aria-hidden="true"'), spoken];
  });
  process.stdout.write(JSON.stringify(drawn));
});
