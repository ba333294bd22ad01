// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICentreRegistry} from "./ICentreRegistry.sol";

/// @title The heads of the centres' logs, which only grow
/// @author Tongping
/// @notice A log is an append-only RFC 9162 Merkle tree with SHA-256. Sizes count leaves; blocks are block numbers.
interface IEvidenceAnchor {
    /// @notice The last cosignature of one centre under one log.
    struct Cosignature {
        // Name of the cosigning centre's own log
        bytes32 witness;
        // Root that was cosigned
        bytes32 root;
        // Leaves covered
        uint64 size;
        // Block in which it was cosigned
        uint64 blockNumber;
    }

    /// @notice A log has a new head.
    /// @param log Name of the log
    /// @param size Leaves covered
    /// @param root Merkle root over them
    /// @param previousBlock Block of the previous head, zero for the first: lets readers walk back without an index
    event CheckpointAnchored(bytes32 indexed log, uint64 size, bytes32 root, uint64 previousBlock);

    /// @notice Another centre has checked that the head extends everything it saw of this log.
    /// @param log Name of the log
    /// @param witness Name of the cosigning centre's own log
    /// @param size Leaves covered
    /// @param root Merkle root over them
    event CheckpointCosigned(bytes32 indexed log, bytes32 indexed witness, uint64 size, bytes32 root);

    /// @notice The registry given to the constructor is not a contract.
    /// @param registry The address given
    error RegistryMissing(address registry);
    /// @notice The checkpoint does not start from the stored head.
    /// @param log Name of the log
    /// @param stored Size of the stored head
    /// @param given Size the caller started from
    error StaleHead(bytes32 log, uint64 stored, uint64 given);
    /// @notice The checkpoint is not larger than the stored head.
    /// @param log Name of the log
    /// @param stored Size of the stored head
    /// @param given Size of the checkpoint
    error NotGrowing(bytes32 log, uint64 stored, uint64 given);
    /// @notice The proof does not show that the new root extends the stored one.
    /// @param log Name of the log
    /// @param oldSize Size of the stored head
    /// @param oldRoot Its root
    /// @param newSize Size of the checkpoint
    /// @param newRoot Its root
    error InconsistentRoot(bytes32 log, uint64 oldSize, bytes32 oldRoot, uint64 newSize, bytes32 newRoot);
    /// @notice A centre may not cosign its own log.
    /// @param log Name of the log
    error OwnLog(bytes32 log);
    /// @notice The cosigned checkpoint is not the present head.
    /// @param log Name of the log
    /// @param size Size of the present head
    /// @param root Root of the present head
    /// @param givenSize Size the witness gave
    /// @param givenRoot Root the witness gave
    error HeadMismatch(bytes32 log, uint64 size, bytes32 root, uint64 givenSize, bytes32 givenRoot);
    /// @notice The centre has cosigned this head before.
    /// @param log Name of the log
    /// @param witness Name of the cosigning centre's own log
    /// @param size Size of the head
    error AlreadyCosigned(bytes32 log, bytes32 witness, uint64 size);

    /// @notice Anchor a checkpoint that extends the stored head. Nobody can edit or delete it afterwards.
    /// @dev Only the log's own account in the registry. `oldSize` zero requires an empty proof.
    /// @param log Name of the log
    /// @param oldSize Size of the stored head, in leaves
    /// @param newSize Size of the checkpoint, in leaves; larger than `oldSize`
    /// @param newRoot Merkle root over the first `newSize` leaves
    /// @param proof RFC 9162 consistency proof from `oldSize` to `newSize`
    function anchor(bytes32 log, uint64 oldSize, uint64 newSize, bytes32 newRoot, bytes32[] calldata proof) external;

    /// @notice Cosign the present head of another centre's log.
    /// @dev Only a witness account, once per head.
    /// @param log Name of the log
    /// @param size Size of the head, in leaves
    /// @param root Root of the head
    function cosign(bytes32 log, uint64 size, bytes32 root) external;

    /// @notice The present head of a log.
    /// @param log Name of the log
    /// @return size Leaves covered; zero when nothing was anchored
    /// @return root Merkle root over them
    /// @return blockNumber Block in which it was anchored
    function head(bytes32 log) external view returns (uint64 size, bytes32 root, uint64 blockNumber);

    /// @notice The last cosignature of every centre that has cosigned a log.
    /// @param log Name of the log
    /// @return given The cosignatures, in the registry's order of centres
    function cosignatures(bytes32 log) external view returns (Cosignature[] memory given);

    /// @notice The registry that decides who may anchor and cosign.
    /// @return centres The registry
    function registry() external view returns (ICentreRegistry centres);

    /// @notice The next anchor contract, as named by the registry. Readers switch to it; this one stays readable.
    /// @return contract_ The contract; zero while this one is in use
    function successor() external view returns (address contract_);
}
