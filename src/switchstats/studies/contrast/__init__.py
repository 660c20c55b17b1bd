"""What the designs within retailers share: exposure, cells, contrasts and the conclusion."""
