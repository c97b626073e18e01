"""Branching scenarios: a graph of scenes that ends in a debrief. Pure: values in, values and reasons out."""

from training.scenarios.checking import Fault, faults_of
from training.scenarios.values import (
    DIMENSIONS,
    END,
    OUTCOMES,
    SCENE,
    SOUND,
    Choice,
    Graph,
    Node,
    graph_of,
    graph_of_blocks,
    graph_of_file,
    skeleton_of,
)
from training.scenarios.walking import MOST_STEPS, NoSuchStep, Step, Walk, furthest_part, path_to, walk

__all__ = [
    "Choice",
    "DIMENSIONS",
    "END",
    "Fault",
    "Graph",
    "MOST_STEPS",
    "NoSuchStep",
    "Node",
    "OUTCOMES",
    "SCENE",
    "SOUND",
    "Step",
    "Walk",
    "faults_of",
    "furthest_part",
    "graph_of",
    "graph_of_blocks",
    "graph_of_file",
    "path_to",
    "skeleton_of",
    "walk",
]
