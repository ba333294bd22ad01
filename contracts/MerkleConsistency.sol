// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The RFC 9162 consistency proof, checked on chain
/// @author Tongping
/// @notice Shows that a Merkle tree of more leaves begins with all leaves of a smaller one. Sizes count leaves.
library MerkleConsistency {
    /// @notice Whether the proof leads from the old root to the new one (RFC 9162, section 2.1.4.2).
    /// @dev False, never a revert, for malformed input.
    /// @param oldSize Leaves of the smaller tree, at least one
    /// @param oldRoot Root of the smaller tree
    /// @param newSize Leaves of the larger tree, more than `oldSize`
    /// @param newRoot Root of the larger tree
    /// @param proof The consistency proof, lowest nodes first
    /// @return holds True when both roots follow from the proof
    function verify(
        uint256 oldSize,
        bytes32 oldRoot,
        uint256 newSize,
        bytes32 newRoot,
        bytes32[] calldata proof
    ) internal view returns (bool holds) {
        if (oldSize == 0 || oldSize >= newSize || proof.length == 0) return false;
        // A complete smaller tree is itself the first node of the path, which the proof then omits.
        bytes32 start = oldRoot;
        uint256 first = 0;
        if (oldSize & (oldSize - 1) != 0) {
            start = proof[0];
            first = 1;
        }
        (bytes32 oldNode, bytes32 newNode, bool used) = _climb({
            left: oldSize - 1,
            last: newSize - 1,
            start: start,
            proof: proof,
            first: first
        });
        return used && oldNode == oldRoot && newNode == newRoot;
    }

    /// @notice Fold the path into both roots at once.
    /// @param left Index of the last old leaf
    /// @param last Index of the last new leaf
    /// @param start The node both trees share
    /// @param proof The path
    /// @param first Place of the path's first node after the shared one
    /// @return oldNode Root of the smaller tree, computed from the path
    /// @return newNode Root of the larger tree, computed from the path
    /// @return used True when the path ended exactly at the top
    function _climb(
        uint256 left,
        uint256 last,
        bytes32 start,
        bytes32[] calldata proof,
        uint256 first
    ) private view returns (bytes32 oldNode, bytes32 newNode, bool used) {
        // Up while the old tree's last subtree is a right child: those nodes are inside the shared one.
        while (left & 1 == 1) {
            left >>= 1;
            last >>= 1;
        }
        oldNode = start;
        newNode = start;
        uint256 length = proof.length;
        for (uint256 i = first; i < length; ++i) {
            if (last == 0) return (oldNode, newNode, false);
            bytes32 sibling = proof[i];
            if (left & 1 == 1 || left == last) {
                oldNode = _node(sibling, oldNode);
                newNode = _node(sibling, newNode);
                while (left & 1 == 0 && left != 0) {
                    left >>= 1;
                    last >>= 1;
                }
            } else {
                newNode = _node(newNode, sibling);
            }
            left >>= 1;
            last >>= 1;
        }
        used = last == 0;
    }

    /// @notice Hash of an inner node; the prefix distinguishes it from a leaf.
    /// @dev In assembly because a checkpoint takes about twenty of these: the 65 bytes are laid out beyond the memory
    /// in use and never allocated, where `abi.encodePacked` would take fresh memory and copy twice for every node.
    /// @param left Left child
    /// @param right Right child
    /// @return hash SHA-256 over 0x01, left, right
    function _node(bytes32 left, bytes32 right) private view returns (bytes32 hash) {
        bool done;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, 0x01)
            mstore(add(free, 0x01), left)
            mstore(add(free, 0x21), right)
            // The precompiled contract at address 2 is SHA-256; its answer goes to the scratch space at 0.
            done := staticcall(gas(), 2, free, 0x41, 0, 0x20)
            hash := mload(0)
        }
        // It fails only without gas; the transaction then fails as well.
        assert(done);
    }
}
