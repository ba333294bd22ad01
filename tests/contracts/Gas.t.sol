// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CentreRegistry} from "../../contracts/CentreRegistry.sol";
import {EvidenceAnchor} from "../../contracts/EvidenceAnchor.sol";
import {ICentreRegistry} from "../../contracts/interfaces/ICentreRegistry.sol";
import {founders, JINAN, JINAN_LOG, XIAN_WITNESS} from "./EvidenceAnchor.t.sol";
import {ReferenceTree} from "./ReferenceTree.sol";
import {VM} from "./Vm.sol";

/// @title One call of each kind, for the gas that `.gas-snapshot` holds it to
contract GasTest {
    uint64 private constant _OLD = 183;
    uint64 private constant _NEW = 300;

    CentreRegistry private _registry;
    EvidenceAnchor private _anchor;
    EvidenceAnchor private _empty;
    bytes32 private _oldRoot;
    bytes32 private _newRoot;
    bytes32[] private _proof;
    uint48 private _expiry;

    function setUp() external {
        VM.warp(1_000_000);
        _expiry = uint48(block.timestamp + 7 days);
        _registry = new CentreRegistry(founders(), 2);
        (_anchor, _empty) = (new EvidenceAnchor(_registry), new EvidenceAnchor(_registry));
        bytes32[] memory leaves = new bytes32[](_NEW);
        for (uint256 i = 0; i < _NEW; ++i) leaves[i] = keccak256(abi.encode(i));
        (_oldRoot, _newRoot) = (ReferenceTree.root(leaves, 0, _OLD), ReferenceTree.root(leaves, 0, _NEW));
        _proof = ReferenceTree.consistency(leaves, _OLD, _NEW);
        VM.prank(JINAN_LOG);
        _anchor.anchor(JINAN, 0, _OLD, _oldRoot, new bytes32[](0));
        VM.prank(JINAN_LOG);
        _registry.proposeThreshold(3, _expiry);
        VM.prank(JINAN_LOG);
        _registry.proposeThreshold(3, _expiry);
        VM.prank(address(0x2001));
        _registry.vote(2);
    }

    function test_FirstCheckpoint() external {
        VM.prank(JINAN_LOG);
        _empty.anchor(JINAN, 0, _OLD, _oldRoot, new bytes32[](0));
    }

    function test_NextCheckpoint() external {
        VM.prank(JINAN_LOG);
        _anchor.anchor(JINAN, _OLD, _NEW, _newRoot, _proof);
    }

    function test_Cosignature() external {
        VM.prank(XIAN_WITNESS);
        _anchor.cosign(JINAN, _OLD, _oldRoot);
    }

    function test_ProposalOfAnEndpoint() external {
        VM.prank(JINAN_LOG);
        _registry.proposeEndpoint(JINAN, "https://new.example", _expiry);
    }

    function test_ProposalOfKeys() external {
        ICentreRegistry.Keys memory keys = founders()[0].current;
        VM.prank(JINAN_LOG);
        _registry.proposeRotation(JINAN, keys, _expiry, _expiry);
    }

    function test_Vote() external {
        VM.prank(address(0x2001));
        _registry.vote(1);
    }

    function test_Withdrawal() external {
        VM.prank(address(0x2001));
        _registry.withdraw(2);
    }

    function test_Execution() external {
        VM.prank(JINAN_LOG);
        _registry.execute(2);
    }
}
