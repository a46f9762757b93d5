"How a page looks: computed styles, and whether a text stands out from its ground"
import re

YELLOW = 'rgb(255, 255, 0)'

def luminance(color):
    "Relative luminance of a computed colour (WCAG 2.2)"
    rgb = [int(o)/255 for o in re.findall(r'\d+', color)[:3]]
    return sum(w*(c/12.92 if c<=.04045 else ((c+.055)/1.055)**2.4) for w,c in zip((.2126, .7152, .0722), rgb))

def contrast(a, b):
    "From 1 (the same) to 21 (black on white); WCAG asks for 4.5, and 7 for good reading"
    dark,light = sorted([luminance(a), luminance(b)])
    return (light+.05)/(dark+.05)

def styles(page, where, *names):
    "The computed values of `names` for all that `where` finds"
    return page.locator(where).evaluate_all('(es, ns) => es.map(e => ns.map(n => getComputedStyle(e)[n]))', list(names))
