// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICentreRegistry} from "./interfaces/ICentreRegistry.sol";
import {IEvidenceAnchor} from "./interfaces/IEvidenceAnchor.sol";
import {MerkleConsistency} from "./MerkleConsistency.sol";

/// @title The heads of the centres' logs, which only grow
/// @author Tongping
/// @notice Refuses every root that does not extend the last one. No owner, no proxy, no way to edit or delete.
contract EvidenceAnchor is IEvidenceAnchor {
    /// @notice A head in two slots.
    struct Head {
        // Merkle root over the first `size` leaves
        bytes32 root;
        // Leaves covered in the lower 64 bits, block of its anchoring above: one write, unlike two fields
        uint256 sizeAndBlock;
    }

    uint256 private constant _BLOCK_SHIFT = 64;

    ICentreRegistry private immutable _REGISTRY;

    mapping(bytes32 log => Head head) private _heads;
    mapping(bytes32 log => mapping(bytes32 witness => Cosignature cosignature)) private _cosignatures;

    /// @notice Bind the contract permanently to its registry.
    /// @param centres The registry that decides who may anchor and cosign
    constructor(ICentreRegistry centres) {
        if (address(centres).code.length == 0) revert RegistryMissing(address(centres));
        _REGISTRY = centres;
    }

    /// @inheritdoc IEvidenceAnchor
    function anchor(
        bytes32 log,
        uint64 oldSize,
        uint64 newSize,
        bytes32 newRoot,
        bytes32[] calldata proof
    ) external override {
        _REGISTRY.requireLogAccount(log, msg.sender);
        Head storage stored = _heads[log];
        (uint64 size, uint64 blockNumber) = _parts(stored.sizeAndBlock);
        if (oldSize != size) revert StaleHead(log, size, oldSize);
        if (newSize <= oldSize) revert NotGrowing(log, oldSize, newSize);
        bytes32 oldRoot = stored.root;
        bool consistent = _extends({
            oldSize: oldSize,
            oldRoot: oldRoot,
            newSize: newSize,
            newRoot: newRoot,
            proof: proof
        });
        if (!consistent) {
            revert InconsistentRoot({
                log: log,
                oldSize: oldSize,
                oldRoot: oldRoot,
                newSize: newSize,
                newRoot: newRoot
            });
        }
        stored.root = newRoot;
        stored.sizeAndBlock = newSize | (block.number << _BLOCK_SHIFT);
        emit CheckpointAnchored({log: log, size: newSize, root: newRoot, previousBlock: blockNumber});
    }

    /// @inheritdoc IEvidenceAnchor
    function cosign(bytes32 log, uint64 size, bytes32 root) external override {
        bytes32 witness = _REGISTRY.requireWitness(msg.sender);
        if (witness == log) revert OwnLog(log);
        (uint64 headSize, ) = _parts(_heads[log].sizeAndBlock);
        bytes32 headRoot = _heads[log].root;
        if (size == 0 || size != headSize || root != headRoot) {
            revert HeadMismatch({log: log, size: headSize, root: headRoot, givenSize: size, givenRoot: root});
        }
        if (_cosignatures[log][witness].size == size) revert AlreadyCosigned(log, witness, size);
        _cosignatures[log][witness] = Cosignature({
            witness: witness,
            root: root,
            size: size,
            blockNumber: uint64(block.number)
        });
        emit CheckpointCosigned({log: log, witness: witness, size: size, root: root});
    }

    /// @inheritdoc IEvidenceAnchor
    function head(bytes32 log) external view override returns (uint64 size, bytes32 root, uint64 blockNumber) {
        root = _heads[log].root;
        (size, blockNumber) = _parts(_heads[log].sizeAndBlock);
    }

    /// @inheritdoc IEvidenceAnchor
    function cosignatures(bytes32 log) external view override returns (Cosignature[] memory given) {
        bytes32[] memory witnesses = _REGISTRY.logs();
        uint256 count = witnesses.length;
        uint256 found = 0;
        Cosignature[] memory all = new Cosignature[](count);
        for (uint256 i = 0; i < count; ++i) {
            Cosignature memory one = _cosignatures[log][witnesses[i]];
            if (one.size == 0) continue;
            all[found] = one;
            ++found;
        }
        given = new Cosignature[](found);
        for (uint256 i = 0; i < found; ++i) given[i] = all[i];
    }

    /// @inheritdoc IEvidenceAnchor
    function registry() external view override returns (ICentreRegistry centres) {
        return _REGISTRY;
    }

    /// @inheritdoc IEvidenceAnchor
    function successor() external view override returns (address contract_) {
        return _REGISTRY.successor();
    }

    /// @notice Whether a checkpoint extends a head; the first one needs no proof.
    /// @param oldSize Size of the head
    /// @param oldRoot Its root
    /// @param newSize Size of the checkpoint
    /// @param newRoot Its root
    /// @param proof The consistency proof
    /// @return holds True when it does
    function _extends(
        uint64 oldSize,
        bytes32 oldRoot,
        uint64 newSize,
        bytes32 newRoot,
        bytes32[] calldata proof
    ) private view returns (bool holds) {
        if (oldSize == 0) return proof.length == 0;
        return MerkleConsistency.verify({
            oldSize: oldSize,
            oldRoot: oldRoot,
            newSize: newSize,
            newRoot: newRoot,
            proof: proof
        });
    }

    /// @notice The two numbers of a head.
    /// @param sizeAndBlock As they are stored
    /// @return size Leaves covered
    /// @return blockNumber Block in which it was anchored
    function _parts(uint256 sizeAndBlock) private pure returns (uint64 size, uint64 blockNumber) {
        return (uint64(sizeAndBlock), uint64(sizeAndBlock >> _BLOCK_SHIFT));
    }
}
