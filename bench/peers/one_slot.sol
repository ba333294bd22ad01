// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What the gas of anchoring is measured against: one storage slot per record, nothing else
/// @author Tongping
contract OneSlot {
    mapping(bytes32 digest => uint256 time) private _kept;

    /// @notice Keep one record's digest.
    /// @param digest The digest
    function keep(bytes32 digest) external {
        _kept[digest] = block.timestamp;
    }

    /// @notice Keep many in one transaction.
    /// @param digests The digests
    function keepAll(bytes32[] calldata digests) external {
        for (uint256 i = 0; i < digests.length; ++i) _kept[digests[i]] = block.timestamp;
    }
}
