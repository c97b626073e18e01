"""Where each step of a drawing lies: its column, and its lane. The middle of the pathway runs in one straight line. Pure."""

from statistics import median

from referral.pathways.compiled import FORKS, Pathway

Point = str | tuple[int, int]
Chains = dict[int, list[Point]]
Columns = dict[int, list[Point]]
Neighbours = dict[Point, list[Point]]


def placed(pathway: Pathway) -> tuple[dict[Point, tuple[int, float]], Chains]:
    """Return name -> (column, lane), and for each way the names its curve passes; long ways get points between."""
    layers = layers_of(pathway)
    columns, chains = _columns(pathway, layers)
    spine, detours = _spine(pathway, layers)
    straight: set[Point] = set(spine)
    for index, names in chains.items():
        way = pathway.body["transitions"][index]
        if (way["from"], way["to"]) in set(zip(spine, spine[1:], strict=False)):
            straight.update(names)
    if spine and _is_parallel(pathway):
        straight -= _between_forks(pathway, layers)
    lanes = _lanes(columns, chains, straight, detours)
    return {name: (layer, lanes[name]) for layer, names in columns.items() for name in names}, chains


def layers_of(pathway: Pathway) -> dict[str, int]:
    """Return the column of each step: the longest way from the start, loops left out."""
    order, back = _ordered(pathway)
    layers = dict.fromkeys(pathway.steps, 0)
    for key in order:
        for way in pathway.ways.get(key, ()):
            if (key, way["to"]) not in back and way["to"] in layers:
                layers[way["to"]] = max(layers[way["to"]], layers[key] + 1)
    return layers


def _ordered(pathway: Pathway) -> tuple[list[str], set[tuple[str, str]]]:
    """Return the steps so that ways lead onward, and the ways that lead back (loops)."""
    done: list[str] = []
    colour: dict[str, int] = {}
    back: set[tuple[str, str]] = set()
    starts = [key for key, step in pathway.steps.items() if step["kind"] == "start"] or list(pathway.steps)[:1]
    for root in [*starts, *pathway.steps]:
        stack = [(root, iter(pathway.ways.get(root, ())))] if root not in colour else []
        colour.setdefault(root, 1)
        while stack:
            key, ways = stack[-1]
            target = next((way["to"] for way in ways if way["to"] in pathway.steps), None)
            if target is None:
                colour[key] = 2
                done.append(key)
                stack.pop()
            elif colour.get(target) == 1:
                back.add((key, target))
            elif target not in colour:
                colour[target] = 1
                stack.append((target, iter(pathway.ways.get(target, ()))))
    return done[::-1], back


def _columns(pathway: Pathway, layers: dict[str, int]) -> tuple[Columns, Chains]:
    chains: Chains = {}
    columns: Columns = {}
    passed: dict[tuple[str, str], list[Point]] = {}
    for key, layer in layers.items():
        columns.setdefault(layer, []).append(key)
    for index, way in enumerate(pathway.body["transitions"]):
        pair = (way["from"], way["to"])
        if pair[0] not in layers or pair[1] not in layers:
            continue
        if pair not in passed:
            passed[pair] = [(index, layer) for layer in range(layers[pair[0]] + 1, layers[pair[1]])]
            for point in passed[pair]:
                columns[point[1]].append(point)
        chains[index] = [pair[0], *passed[pair], pair[1]]
    return columns, chains


def _spine(pathway: Pathway, layers: dict[str, int]) -> tuple[list[str], set[str]]:
    """Return the longest way through without detours, and the detours: steps that another way of the same step passes by."""
    ahead = {
        key: [way["to"] for way in pathway.ways.get(key, ()) if layers.get(way["to"], -1) > layers[key]]
        for key in layers
    }
    detours = {
        key
        for source in ahead
        for key in ahead[source]
        if key in ahead and set(ahead[key]) & (set(ahead[source]) - {key})
    }
    best: dict[str, list[str]] = {}
    for key in sorted(layers, key=lambda key: -layers[key]):
        onward = [best[target] for target in ahead[key] if target not in detours and target in best]
        best[key] = [key, *max(onward, key=len, default=[])]
    starts = [key for key in layers if layers[key] == 0]
    return max((best[key] for key in starts), key=len, default=[]), detours


def _is_parallel(pathway: Pathway) -> bool:
    return any(step["kind"] in FORKS for step in pathway.steps.values())


def _between_forks(pathway: Pathway, layers: dict[str, int]) -> set[Point]:
    """Return the steps and points inside a fork and its join: side by side, none of them is the middle."""
    inside: set[Point] = set()
    for key, step in pathway.steps.items():
        join = step.get("join") if step["kind"] in FORKS else None
        if join in layers:
            inside.update(other for other, layer in layers.items() if layers[key] < layer < layers[join])
    return inside


def _lanes(columns: Columns, chains: Chains, straight: set[Point], detours: set[str]) -> dict[Point, float]:
    """Return the lane of each point: near the middle of its neighbours, apart from the others of its column."""
    before: Neighbours = {}
    after: Neighbours = {}
    for names in chains.values():
        for left, right in zip(names, names[1:], strict=False):
            before.setdefault(right, []).append(left)
            after.setdefault(left, []).append(right)
    lanes: dict[Point, float] = dict.fromkeys(straight, 0.0)
    for neighbours, order in (
        (before, sorted(columns)),
        (after, sorted(columns, reverse=True)),
        (before, sorted(columns)),
        (after, sorted(columns, reverse=True)),
    ):
        for layer in order:
            wanted = {name: _middle(name, neighbours, lanes) for name in columns[layer]}
            lanes |= _column(columns[layer], wanted, lanes, straight, detours)
    return lanes


def _middle(name: Point, neighbours: Neighbours, lanes: dict[Point, float]) -> float:
    found = [lanes[other] for other in neighbours.get(name, ()) if other in lanes]
    return sum(found) / len(found) if found else lanes.get(name, 0.0)


def _column(names: list, wanted: dict, lanes: dict, straight: set, detours: set) -> dict:
    """Return the lanes of one column: round its straight point where it has one, else centred on what was wanted."""
    order = sorted(names, key=lambda name: (wanted[name], lanes.get(name, 0.0)))
    middle = [name for name in order if name in straight]
    if not middle:
        found = _apart(order, wanted, None)
        shift = median(wanted[name] - found[name] for name in order)
        return {name: lane + shift for name, lane in found.items()}
    over = [name for name in order if name not in straight and _is_over(name, wanted, lanes, detours)]
    under = [name for name in order if name not in straight and name not in over]
    mirrored = _apart(over[::-1], {name: -wanted[name] for name in over}, middle[0])
    return (
        dict.fromkeys(middle, 0.0)
        | _apart(under, wanted, middle[0])
        | {name: -lane for name, lane in mirrored.items()}
    )


def _is_over(name, wanted: dict, lanes: dict, detours: set) -> bool:
    if name in detours:
        return True
    return wanted[name] < 0 or (wanted[name] == 0 and lanes.get(name, 0.0) < 0)


def _apart(order: list, wanted: dict, first) -> dict:
    """Return lanes in the given order, apart from each other: whole lanes between steps, less beside a passing line."""
    lanes: dict = {}
    last, before = (None, None) if first is None else (0.0, first)
    for name in order:
        lanes[name] = wanted[name] if last is None else max(wanted[name], last + _gap(before, name))
        last, before = lanes[name], name
    return lanes


def _gap(one, other) -> float:
    steps = isinstance(one, str) + isinstance(other, str)
    return (0.35, 0.8, 1.0)[steps]
