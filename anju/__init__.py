"""Anju 安居: software that runs a rental business."""

__version__ = "0.1.0"
