#!/bin/sh
# The signer of DL (Dalian), geth 1.13.15. Made by `tongping consortium init`.
set -eu
cd "$(dirname "$0")"
[ -d data/geth/chaindata ] || geth --datadir=data init ../genesis.json
# Seals once it is connected to so many others that more than half of all are together.
seal() {
  until [ "$(geth attach --exec net.peerCount data/geth.ipc 2>/dev/null || echo 0)" -ge 2 ]; do
    sleep 1
    kill -0 $$ 2>/dev/null || exit 0
  done
  geth attach --exec 'miner.start()' data/geth.ipc
}
seal &
exec geth \
  --config=config.toml \
  --datadir=data \
  --keystore=keystore \
  --nodekey=nodekey \
  --password=password \
  --networkid=20260 \
  --port=30303 \
  --nodiscover \
  --nat=none \
  --netrestrict=192.0.2.11/32,192.0.2.12/32,192.0.2.13/32,192.0.2.14/32 \
  --syncmode=full \
  --cache=64 \
  --history.transactions=0 \
  --ipcpath=geth.ipc \
  --http \
  --http.addr=127.0.0.1 \
  --http.port=8545 \
  --http.api=eth,net,web3,clique \
  --authrpc.port=8551 \
  --unlock=0x7090dFA79A06fD6d46F865C89323fE1acac9D52e \
  --miner.etherbase=0x7090dFA79A06fD6d46F865C89323fE1acac9D52e \
  --allow-insecure-unlock \
  --verbosity=3
