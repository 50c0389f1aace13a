"""One packet through the logical pipelines, explained."""
