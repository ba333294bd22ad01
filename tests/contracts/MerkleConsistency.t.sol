// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleConsistency} from "../../contracts/MerkleConsistency.sol";
import {ReferenceTree} from "./ReferenceTree.sol";
import {VM} from "./Vm.sol";

/// @title Fuzz tests of the consistency proof against the definition of the tree
contract MerkleConsistencyTest {
    uint256 private constant _LARGEST = 40;

    function verify(
        uint64 oldSize,
        bytes32 oldRoot,
        uint64 newSize,
        bytes32 newRoot,
        bytes32[] calldata proof
    ) external view returns (bool) {
        return MerkleConsistency.verify(oldSize, oldRoot, newSize, newRoot, proof);
    }

    function testFuzz_EveryTrueProofIsTaken(uint256 m, uint256 n, bytes32 seed) external view {
        (uint64 oldSize, uint64 newSize) = _sizes(m, n);
        bytes32[] memory leaves = _leaves(seed, newSize);
        bool taken = this.verify(
            oldSize,
            ReferenceTree.root(leaves, 0, oldSize),
            newSize,
            ReferenceTree.root(leaves, 0, newSize),
            ReferenceTree.consistency(leaves, oldSize, newSize)
        );
        assert(taken);
    }

    function testFuzz_AProofWithOneChangedBitIsRefused(uint256 m, uint256 n, bytes32 seed, uint256 bit) external view {
        (uint64 oldSize, uint64 newSize) = _sizes(m, n);
        bytes32[] memory leaves = _leaves(seed, newSize);
        bytes32[] memory proof = ReferenceTree.consistency(leaves, oldSize, newSize);
        uint256 place = (bit / 256) % proof.length;
        proof[place] ^= bytes32(uint256(1) << (bit % 256));
        bytes32 oldRoot = ReferenceTree.root(leaves, 0, oldSize);
        assert(!this.verify(oldSize, oldRoot, newSize, ReferenceTree.root(leaves, 0, newSize), proof));
    }

    function testFuzz_AHistoryChangedInOneLeafIsRefused(uint256 m, uint256 n, bytes32 seed, uint256 leaf) external view {
        (uint64 oldSize, uint64 newSize) = _sizes(m, n);
        bytes32[] memory leaves = _leaves(seed, newSize);
        bytes32 oldRoot = ReferenceTree.root(leaves, 0, oldSize);
        leaves[leaf % oldSize] = ~leaves[leaf % oldSize];
        bytes32[] memory proof = ReferenceTree.consistency(leaves, oldSize, newSize);
        assert(!this.verify(oldSize, oldRoot, newSize, ReferenceTree.root(leaves, 0, newSize), proof));
    }

    function testFuzz_AProofForAnotherSizeIsRefused(uint256 m, uint256 n, bytes32 seed, uint64 other) external view {
        (uint64 oldSize, uint64 newSize) = _sizes(m, n);
        VM.assume(other != oldSize);
        bytes32[] memory leaves = _leaves(seed, newSize);
        bytes32 oldRoot = ReferenceTree.root(leaves, 0, oldSize);
        bytes32[] memory proof = ReferenceTree.consistency(leaves, oldSize, newSize);
        assert(!this.verify(other, oldRoot, newSize, ReferenceTree.root(leaves, 0, newSize), proof));
    }

    function testFuzz_WhatWasMadeUpIsRefusedAndNeverReverts(
        uint64 oldSize,
        bytes32 oldRoot,
        uint64 newSize,
        bytes32 newRoot,
        bytes32[] calldata proof
    ) external view {
        VM.assume(oldRoot != newRoot);
        assert(!this.verify(oldSize, oldRoot, newSize, newRoot, proof));
    }

    function _sizes(uint256 m, uint256 n) private pure returns (uint64 oldSize, uint64 newSize) {
        newSize = uint64(2 + (n % (_LARGEST - 1)));
        oldSize = uint64(1 + (m % (newSize - 1)));
    }

    function _leaves(bytes32 seed, uint256 count) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) leaves[i] = keccak256(abi.encode(seed, i));
    }
}
