"""The preliminary review (初步评审): marks, conclusions, rejections, corrections and clarifications."""
