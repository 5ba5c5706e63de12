// What people look for, and what the course says: either word finds both. site_parts.py reads this.
const SAME = {
  "color": "colour",
  "colored": "colour",
  "detect": "find",
  "detection": "find",
  "flip": "turn",
  "flipped": "turn",
  "flipping": "turn",
  "gaussian": "gauss",
  "gray": "grey",
  "grayscale": "grey",
  "greyscale": "grey",
  "moire": "aliasing",
  "neighbor": "neighbour",
  "neighborhood": "neighbourhood",
  "otsu": "valley",
  "overflow": "wrap",
  "threshold": "valley"
};

const EnglishOnly = window.Stemmer;
window.Stemmer = class {
  stemWord(word) { return new EnglishOnly().stemWord(SAME[word] ?? word); }
};

// Mark in the page what the course says, too.
const parseQuery = Search._parseQuery;
Search._parseQuery = (query) => {
  const parsed = parseQuery(query);
  const marked = [...parsed[3]].flatMap((word) => [word, SAME[word] ?? word]);
  localStorage.setItem("sphinx_highlight_terms", [...new Set(marked)].join(" "));
  return parsed;
};
