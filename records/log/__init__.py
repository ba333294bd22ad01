"""The log (账本) as anybody can follow it: Merkle tree, tiles, signed notes, checkpoints, cosignatures."""
