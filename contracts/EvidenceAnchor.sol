// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICentreRegistry} from "./interfaces/ICentreRegistry.sol";
import {IEvidenceAnchor} from "./interfaces/IEvidenceAnchor.sol";
import {MerkleConsistency} from "./MerkleConsistency.sol";

/// @title The heads of the centres' logs, which only grow
/// @author Tongping
/// @notice Refuses every root that does not extend the last one. No owner, no proxy, no way to edit or delete.
contract EvidenceAnchor is IEvidenceAnchor {
    ICentreRegistry private immutable _REGISTRY;

    mapping(bytes32 log => Head head) private _heads;
    mapping(bytes32 log => mapping(bytes32 witness => Cosignature cosignature)) private _cosignatures;

    /// @notice Bind the contract to its registry for good.
    /// @param centres The registry that says who may anchor and cosign
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
        Head memory stored = _heads[log];
        if (oldSize != stored.size) revert StaleHead(log, stored.size, oldSize);
        if (newSize <= oldSize) revert NotGrowing(log, oldSize, newSize);
        if (!_extends(stored, newSize, newRoot, proof)) {
            revert InconsistentRoot({
                log: log,
                oldSize: oldSize,
                oldRoot: stored.root,
                newSize: newSize,
                newRoot: newRoot
            });
        }
        _heads[log] = Head({root: newRoot, size: newSize, blockNumber: uint64(block.number)});
        emit CheckpointAnchored({log: log, size: newSize, root: newRoot, previousBlock: stored.blockNumber});
    }

    /// @inheritdoc IEvidenceAnchor
    function cosign(bytes32 log, uint64 size, bytes32 root) external override {
        bytes32 witness = _REGISTRY.requireWitness(msg.sender);
        if (witness == log) revert OwnLog(log);
        Head memory stored = _heads[log];
        if (size == 0 || size != stored.size || root != stored.root) {
            revert HeadMismatch({
                log: log,
                size: stored.size,
                root: stored.root,
                givenSize: size,
                givenRoot: root
            });
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
        Head storage stored = _heads[log];
        return (stored.size, stored.root, stored.blockNumber);
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

    /// @notice Whether a checkpoint extends the stored head; the first one extends nothing, and has nothing to prove.
    /// @param stored The stored head
    /// @param newSize Size of the checkpoint
    /// @param newRoot Its root
    /// @param proof The consistency proof
    /// @return holds True when it does
    function _extends(
        Head memory stored,
        uint64 newSize,
        bytes32 newRoot,
        bytes32[] calldata proof
    ) private view returns (bool holds) {
        if (stored.size == 0) return proof.length == 0;
        return MerkleConsistency.verify({
            oldSize: stored.size,
            oldRoot: stored.root,
            newSize: newSize,
            newRoot: newRoot,
            proof: proof
        });
    }
}
