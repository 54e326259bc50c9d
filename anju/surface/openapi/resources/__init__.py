"""The operations, one module for each part of the business."""
