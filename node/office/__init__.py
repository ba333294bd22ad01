"""The office work, one folder a stage; no stage knows another."""
