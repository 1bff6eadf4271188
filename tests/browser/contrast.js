// The text with the lowest contrast to what is behind it: [ratio, class, text].
() => {
  const number = (text) => text.match(/[\d.]+/g).map(Number);
  const over = (top, under) => {
    const alpha = top[3] ?? 1;
    return under.map((value, i) => top[i] * alpha + value * (1 - alpha));
  };
  const behind = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      layers.unshift(number(getComputedStyle(e).backgroundColor));
    }
    return layers.reduce((under, top) => over(top, under), [255, 255, 255]);
  };
  // WCAG 2.2: relative luminance, contrast ratio.
  const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) =>
    0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const found = [];
  const walker = document.createTreeWalker(document.getElementById("app"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || !element.checkVisibility() || element.closest("select, datalist, .skip")) continue;
    const back = behind(element);
    const front = over(number(getComputedStyle(element).color), back);
    const [dark, light] = [luminance(front), luminance(back)].sort((x, y) => x - y);
    found.push([(light + 0.05) / (dark + 0.05), element.className, text.slice(0, 30)]);
  }
  return found.sort((x, y) => x[0] - y[0])[0];
};
