"""What was measured, beside what it has to be."""


def row(what, value, unit="", target=None, detail=""):
    """`target` is the most that `value` may be; None: it has none."""
    verdict = "" if target is None else "ok" if value <= target else f"missed by {100 * (value / target - 1):.0f} %"
    return {"what": what, "value": value, "unit": unit, "target": target, "verdict": verdict, "detail": detail}


def short(number):
    return f"{number:.2f}" if abs(number) < 100 else f"{number:,.0f}"


def table(rows):
    """As Markdown."""
    lines = ["| what | measured | at most | | of it |", "|---|---|---|---|---|"]
    for one in rows:
        most = "" if one["target"] is None else f"{short(one['target'])} {one['unit']}".strip()
        lines.append(f"| {one['what']} | {short(one['value'])} {one['unit']}".rstrip() + f" | {most} | {one['verdict']} | {one['detail']} |")
    return "\n".join(lines)
