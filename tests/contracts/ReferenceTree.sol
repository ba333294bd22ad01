// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The Merkle tree as RFC 9162 defines it, recursively: slow, and plainly right
library ReferenceTree {
    /// @dev MTH of section 2.1.1 over `leaves[start:end]`; leaves are leaf hashes.
    function root(bytes32[] memory leaves, uint256 start, uint256 end) internal pure returns (bytes32) {
        if (end == start) return sha256("");
        if (end - start == 1) return leaves[start];
        uint256 split = start + _split(end - start);
        return sha256(abi.encodePacked(bytes1(0x01), root(leaves, start, split), root(leaves, split, end)));
    }

    /// @dev PROOF(m, D[n]) of section 2.1.4.1.
    function consistency(bytes32[] memory leaves, uint256 m, uint256 n) internal pure returns (bytes32[] memory proof) {
        proof = new bytes32[](65);
        uint256 length = _subproof(leaves, m, 0, n, true, proof, 0);
        assembly {
            mstore(proof, length)
        }
    }

    function _subproof(
        bytes32[] memory leaves,
        uint256 m,
        uint256 start,
        uint256 end,
        bool whole,
        bytes32[] memory proof,
        uint256 length
    ) private pure returns (uint256) {
        uint256 n = end - start;
        if (m == n) {
            if (!whole) proof[length++] = root(leaves, start, end);
            return length;
        }
        uint256 k = _split(n);
        if (m <= k) {
            length = _subproof(leaves, m, start, start + k, whole, proof, length);
            proof[length++] = root(leaves, start + k, end);
        } else {
            length = _subproof(leaves, m - k, start + k, end, false, proof, length);
            proof[length++] = root(leaves, start, start + k);
        }
        return length;
    }

    /// @dev The largest power of two smaller than n.
    function _split(uint256 n) private pure returns (uint256 k) {
        k = 1;
        while (k * 2 < n) k *= 2;
    }
}
