"""How far texts of a page stand out from what is behind them, as WCAG counts it."""

from playwright.sync_api import Page

ENOUGH = 4.5
COLOURS = ("red", "orange", "yellow", "teal", "blue", "gray")
FILLED = ("red", "orange", "teal", "blue", "grape")

# Every colour in use as a label, an alert's title and a filled button, put into the page where they would stand.
SAMPLES = """([light, filled]) => {
    const place = document.querySelector('#content');
    const add = (name, style) => {
        const sample = document.createElement('span');
        sample.textContent = name;
        sample.style.cssText = style;
        place.appendChild(sample);
    };
    const of = colour => `var(--mantine-color-${colour}-`;
    light.forEach(one => add(`light ${one}`, `color: ${of(one)}light-color); background: ${of(one)}light)`));
    filled.forEach(one => add(`filled ${one}`, `color: #fff; background: ${of(one)}filled)`));
}"""

FAINT = """least => {
    const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const rgba = colour => {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
    const line = part => part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;
    const light = colour => 0.2126 * line(colour[0]) + 0.7152 * line(colour[1]) + 0.0722 * line(colour[2]);
    const behind = element => {
        const layers = [];
        for (let one = element; one; one = one.parentElement) {
            layers.unshift(rgba(getComputedStyle(one).backgroundColor));
            if (layers[0][3] === 1) { break; }
        }
        return layers.reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
    };
    const found = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const words = texts.currentNode.textContent.trim();
        const element = texts.currentNode.parentElement;
        if (!words || !element.checkVisibility()) { continue; }
        if (element.closest('script, style, svg, [disabled], [data-disabled]')) { continue; }
        const back = behind(element);
        const both = [light(back), light(over(rgba(getComputedStyle(element).color), back))].sort((a, b) => b - a);
        const ratio = (both[0] + 0.05) / (both[1] + 0.05);
        if (ratio < least) { found.push(`${words.slice(0, 40)}: ${ratio.toFixed(2)}`); }
    }
    return found;
}"""


def faint(page: Page) -> list[str]:
    """The texts of a page, and samples of every colour of labels and buttons, that stand out too little."""
    page.evaluate(SAMPLES, [COLOURS, FILLED])
    found: list[str] = page.evaluate(FAINT, ENOUGH)
    return found
