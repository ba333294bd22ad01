// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The RFC 9162 consistency proof, checked on chain
/// @author Tongping
/// @notice Shows that a Merkle tree of more leaves begins with all leaves of a smaller one. Sizes count leaves.
library MerkleConsistency {
    /// @notice Whether the proof leads from the old root to the new one (RFC 9162, section 2.1.4.2).
    /// @dev False, never a revert, for whatever is malformed.
    /// @param oldSize Leaves of the smaller tree, at least one
    /// @param oldRoot Root of the smaller tree
    /// @param newSize Leaves of the larger tree, more than `oldSize`
    /// @param newRoot Root of the larger tree
    /// @param proof The consistency proof, lowest nodes first
    /// @return holds True when both roots follow from the proof
    function verify(
        uint64 oldSize,
        bytes32 oldRoot,
        uint64 newSize,
        bytes32 newRoot,
        bytes32[] calldata proof
    ) internal pure returns (bool holds) {
        if (oldSize == 0 || oldSize >= newSize || proof.length == 0) return false;
        uint64 left = oldSize - 1;
        uint64 last = newSize - 1;
        (left, last) = _skip(left, last);
        // A complete smaller tree is itself the first node of the path, and is then left out of the proof.
        bool complete = oldSize & (oldSize - 1) == 0;
        (bytes32 oldNode, bytes32 newNode, bool used) = _climb({
            left: left,
            last: last,
            start: complete ? oldRoot : proof[0],
            proof: proof[complete ? 0 : 1:]
        });
        return used && oldNode == oldRoot && newNode == newRoot;
    }

    /// @notice Fold the path into both roots at once.
    /// @param left Index of the last old leaf's subtree on the present level
    /// @param last Index of the last new leaf's subtree on the present level
    /// @param start The node both trees share
    /// @param proof The rest of the path
    /// @return oldNode Root of the smaller tree, as the path has it
    /// @return newNode Root of the larger tree, as the path has it
    /// @return used True when the path ended exactly at the top
    function _climb(
        uint64 left,
        uint64 last,
        bytes32 start,
        bytes32[] calldata proof
    ) private pure returns (bytes32 oldNode, bytes32 newNode, bool used) {
        oldNode = start;
        newNode = start;
        uint256 length = proof.length;
        for (uint256 i = 0; i < length; ++i) {
            if (last == 0) return (oldNode, newNode, false);
            if (left & 1 == 1 || left == last) {
                oldNode = _node(proof[i], oldNode);
                newNode = _node(proof[i], newNode);
                while (left & 1 == 0 && left != 0) {
                    left >>= 1;
                    last >>= 1;
                }
            } else {
                newNode = _node(newNode, proof[i]);
            }
            left >>= 1;
            last >>= 1;
        }
        used = last == 0;
    }

    /// @notice Climb while the old tree's last subtree is a right child: those nodes are inside the shared one.
    /// @param left Index of the last old leaf
    /// @param last Index of the last new leaf
    /// @return leftAbove Index of the old subtree on the level reached
    /// @return lastAbove Index of the new subtree on the level reached
    function _skip(uint64 left, uint64 last) private pure returns (uint64 leftAbove, uint64 lastAbove) {
        while (left & 1 == 1) {
            left >>= 1;
            last >>= 1;
        }
        return (left, last);
    }

    /// @notice Hash of an inner node; the prefix keeps it apart from a leaf.
    /// @param left Left child
    /// @param right Right child
    /// @return hash SHA-256 over 0x01, left, right
    function _node(bytes32 left, bytes32 right) private pure returns (bytes32 hash) {
        return sha256(abi.encodePacked(bytes1(0x01), left, right));
    }
}
