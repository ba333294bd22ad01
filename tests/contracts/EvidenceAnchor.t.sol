// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CentreRegistry} from "../../contracts/CentreRegistry.sol";
import {EvidenceAnchor} from "../../contracts/EvidenceAnchor.sol";
import {ICentreRegistry} from "../../contracts/interfaces/ICentreRegistry.sol";
import {IEvidenceAnchor} from "../../contracts/interfaces/IEvidenceAnchor.sol";
import {ReferenceTree} from "./ReferenceTree.sol";
import {VM} from "./Vm.sol";

bytes32 constant JINAN = keccak256("jn.tongping");
bytes32 constant XIAN = keccak256("xa.tongping");
address constant JINAN_LOG = address(0x1001);
address constant XIAN_WITNESS = address(0x2002);
uint48 constant FROM = 1_000;
uint48 constant UNTIL = 2_000_000_000;

function founders() pure returns (ICentreRegistry.Centre[] memory centres) {
    centres = new ICentreRegistry.Centre[](3);
    centres[0] = centre("JN", "jn.tongping", JINAN_LOG, address(0x1002));
    centres[1] = centre("XA", "xa.tongping", address(0x2001), XIAN_WITNESS);
    centres[2] = centre("DL", "dl.tongping", address(0x3001), address(0x3002));
}

function centre(
    string memory code,
    string memory origin,
    address log,
    address witness
) pure returns (ICentreRegistry.Centre memory) {
    string memory verifierKey = string.concat(origin, "+1a2b3c4d+A");
    string memory witnessKey = string.concat(origin, "/witness+1a2b3c4d+B");
    ICentreRegistry.Keys memory keys = ICentreRegistry.Keys(log, FROM, UNTIL, witness, verifierKey, witnessKey);
    return ICentreRegistry.Centre(code, string.concat("https://", origin), keys);
}

/// @title One honest centre, one that lies, and strangers: whatever they do, in whatever order
contract Actors {
    EvidenceAnchor private immutable _ANCHOR;
    bytes32[] private _leaves;
    uint64 public anchored;
    bool public lieTaken;
    bool public strangerTaken;
    bool public shrunk;
    uint64 private _last;

    /// @dev Looks at the head after every step, whoever took it.
    modifier watched() {
        _;
        (uint64 size, , ) = _ANCHOR.head(JINAN);
        if (size < _last) shrunk = true;
        _last = size;
    }

    constructor(EvidenceAnchor anchor) {
        _ANCHOR = anchor;
    }

    /// @dev The centre goes on honestly.
    function grow(uint8 count, bytes32 seed) external watched {
        uint64 before = anchored;
        for (uint256 i = 0; i <= count % 8; ++i) _leaves.push(keccak256(abi.encode(seed, i)));
        uint64 size = uint64(_leaves.length);
        bytes32[] memory proof = before == 0 ? new bytes32[](0) : ReferenceTree.consistency(_leaves, before, size);
        VM.prank(JINAN_LOG);
        _ANCHOR.anchor(JINAN, before, size, ReferenceTree.root(_leaves, 0, size), proof);
        anchored = size;
    }

    /// @dev The centre changes one old leaf and proves its new history as well as it can.
    function rewrite(uint8 leaf, uint8 count, bytes32 seed) external watched {
        if (anchored == 0) return;
        bytes32[] memory forged = new bytes32[](anchored + (count % 8) + 1);
        for (uint256 i = 0; i < forged.length; ++i) forged[i] = i < anchored ? _leaves[i] : keccak256(abi.encode(seed, i));
        forged[leaf % anchored] = ~forged[leaf % anchored];
        _lie(anchored, uint64(forged.length), forged);
    }

    /// @dev The centre pretends that its log is shorter, or another one altogether.
    function startOver(uint8 oldSize, uint8 newSize, bytes32 root, bytes32[] calldata proof) external watched {
        if (anchored == 0) return;
        VM.prank(JINAN_LOG);
        try _ANCHOR.anchor(JINAN, oldSize, newSize, root, proof) {
            lieTaken = true;
        } catch {}
    }

    /// @dev Somebody else anchors what would be right.
    function intrude(address caller, uint8 count) external watched {
        if (caller == JINAN_LOG) return;
        uint64 size = anchored + (count % 8) + 1;
        VM.prank(caller);
        try _ANCHOR.anchor(JINAN, anchored, size, bytes32(uint256(1)), new bytes32[](0)) {
            strangerTaken = true;
        } catch {}
    }

    function expectedRoot() external view returns (bytes32) {
        return anchored == 0 ? bytes32(0) : ReferenceTree.root(_leaves, 0, anchored);
    }

    function _lie(uint64 oldSize, uint64 newSize, bytes32[] memory forged) private {
        bytes32[] memory proof = ReferenceTree.consistency(forged, oldSize, newSize);
        VM.prank(JINAN_LOG);
        try _ANCHOR.anchor(JINAN, oldSize, newSize, ReferenceTree.root(forged, 0, newSize), proof) {
            lieTaken = true;
        } catch {}
    }
}

/// @title Fuzz and invariant tests of the heads
contract EvidenceAnchorTest {
    EvidenceAnchor private _anchor;
    Actors private _actors;

    function setUp() external {
        VM.warp(1_000_000);
        _anchor = new EvidenceAnchor(new CentreRegistry(founders(), 2));
        _actors = new Actors(_anchor);
    }

    /// @dev Tells the test runner whom the invariants are tried on.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_actors);
    }

    function invariant_AHeadNeverShrinks() external view {
        assert(!_actors.shrunk());
    }

    function invariant_TheHeadIsTheHonestLogAndNoOther() external view {
        (uint64 size, bytes32 root, ) = _anchor.head(JINAN);
        assert(size == _actors.anchored() && root == _actors.expectedRoot());
    }

    function invariant_NoInconsistentRootIsEverTaken() external view {
        assert(!_actors.lieTaken());
    }

    function invariant_OnlyTheLogsOwnAccountAnchors() external view {
        assert(!_actors.strangerTaken());
    }

    function testFuzz_AStrangerCannotAnchor(address caller) external {
        VM.assume(caller != JINAN_LOG && caller != address(0)); // nothing is sent from the zero address
        VM.prank(caller);
        VM.expectRevert(abi.encodeWithSelector(ICentreRegistry.NotLogAccount.selector, JINAN, caller, JINAN_LOG));
        _anchor.anchor(JINAN, 0, 1, bytes32(uint256(1)), new bytes32[](0));
    }

    function testFuzz_AnAccountAnchorsOnlyWithinItsWindow(uint48 time) external {
        VM.assume(time < FROM || time >= UNTIL);
        VM.warp(time);
        VM.prank(JINAN_LOG);
        VM.expectRevert(
            abi.encodeWithSelector(ICentreRegistry.AccountNotValid.selector, JINAN_LOG, FROM, UNTIL, uint256(time))
        );
        _anchor.anchor(JINAN, 0, 1, bytes32(uint256(1)), new bytes32[](0));
    }

    function testFuzz_AFirstCheckpointTakesNoProof(uint64 size, bytes32 root, bytes32[] calldata proof) external {
        VM.assume(size > 0 && proof.length > 0);
        VM.prank(JINAN_LOG);
        VM.expectRevert(
            abi.encodeWithSelector(IEvidenceAnchor.InconsistentRoot.selector, JINAN, uint64(0), bytes32(0), size, root)
        );
        _anchor.anchor(JINAN, 0, size, root, proof);
    }

    function testFuzz_AHeadIsReadAsItWasAnchored(uint64 size, bytes32 root) external {
        VM.assume(size > 0);
        VM.prank(JINAN_LOG);
        _anchor.anchor(JINAN, 0, size, root, new bytes32[](0));
        (uint64 foundSize, bytes32 foundRoot, uint64 block_) = _anchor.head(JINAN);
        assert(foundSize == size && foundRoot == root && block_ == block.number);
    }

    function testFuzz_OnlyThePresentHeadIsCosigned(uint64 size, bytes32 root) external {
        bytes32 headRoot = keccak256("root");
        VM.assume(size != 9 || root != headRoot);
        VM.prank(JINAN_LOG);
        _anchor.anchor(JINAN, 0, 9, headRoot, new bytes32[](0));
        VM.prank(XIAN_WITNESS);
        VM.expectRevert(
            abi.encodeWithSelector(IEvidenceAnchor.HeadMismatch.selector, JINAN, uint64(9), headRoot, size, root)
        );
        _anchor.cosign(JINAN, size, root);
    }
}
