"""The consortium chain: contracts over JSON-RPC, the compiler, the engines."""
