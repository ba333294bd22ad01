// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CentreRegistry} from "../../contracts/CentreRegistry.sol";
import {ICentreRegistry} from "../../contracts/interfaces/ICentreRegistry.sol";
import {Assembly, END, START} from "./Membership.t.sol";
import {VM} from "./Vm.sol";

/// @title Fuzz tests of the voting rules
contract VotingTest {
    bytes32 private constant _JINAN = keccak256("jn.tongping");
    CentreRegistry private _registry;

    function setUp() external {
        VM.warp(START + 1);
        _registry = new Assembly().REGISTRY();
    }

    function testFuzz_AStrangerNeitherProposesVotesWithdrawsNorExecutes(address caller, uint256 id) external {
        VM.assume(caller != address(0xC000) && caller != address(0xC100) && caller != address(0xC200));
        bytes memory refusal = abi.encodeWithSelector(ICentreRegistry.NotMember.selector, caller);
        VM.prank(caller);
        VM.expectRevert(refusal);
        _registry.proposeThreshold(3, START + 1 days);
        VM.prank(caller);
        VM.expectRevert(refusal);
        _registry.vote(id);
        VM.prank(caller);
        VM.expectRevert(refusal);
        _registry.withdraw(id);
        VM.prank(caller);
        VM.expectRevert(refusal);
        _registry.execute(id);
    }

    function testFuzz_AThresholdOutsideItsBoundsIsRefused(uint256 votes) external {
        VM.assume(votes < 2 || votes > 3);
        VM.prank(address(0xC000));
        VM.expectRevert(abi.encodeWithSelector(ICentreRegistry.ThresholdOutOfRange.selector, votes, 2, 3));
        _registry.proposeThreshold(votes, START + 1 days);
    }

    function testFuzz_AnExpiryOutsideItsBoundsIsRefused(uint48 expiry) external {
        uint256 present = block.timestamp;
        VM.assume(expiry <= present || expiry > present + 90 days);
        VM.prank(address(0xC000));
        VM.expectRevert(
            abi.encodeWithSelector(ICentreRegistry.InvalidExpiry.selector, expiry, present + 1, present + 90 days)
        );
        _registry.proposeThreshold(3, expiry);
    }

    function testFuzz_AnOverlapEndsWhenItSays(uint48 overlap, uint48 time) external {
        overlap = uint48(block.timestamp + (overlap % (END - block.timestamp)));
        time = uint48(block.timestamp + (time % (END - block.timestamp)));
        ICentreRegistry.Keys memory keys = ICentreRegistry.Keys(address(1), START, END, address(2), "key", "");
        VM.prank(address(0xC000));
        uint256 id = _registry.proposeRotation(_JINAN, keys, overlap, START + 1 days);
        VM.prank(address(0xC100));
        _registry.vote(id);
        VM.prank(address(0xC000));
        _registry.execute(id);
        VM.warp(time);
        _registry.requireLogAccount(_JINAN, address(1));
        if (time >= overlap) {
            VM.expectRevert(
                abi.encodeWithSelector(ICentreRegistry.AccountNotValid.selector, address(0xC000), START, overlap, uint256(time))
            );
        }
        _registry.requireLogAccount(_JINAN, address(0xC000));
    }

    function testFuzz_AnEndpointIsReadAsItWasVoted(string calldata endpoint) external {
        VM.assume(bytes(endpoint).length > 0);
        VM.prank(address(0xC000));
        uint256 id = _registry.proposeEndpoint(_JINAN, endpoint, START + 1 days);
        VM.prank(address(0xC100));
        _registry.vote(id);
        VM.prank(address(0xC200));
        _registry.execute(id);
        assert(keccak256(bytes(_registry.centreOf(_JINAN).endpoint)) == keccak256(bytes(endpoint)));
    }
}

/// @title What an approved proposal may no longer do, once what it would change has changed otherwise
contract BindingTest {
    address private constant _JN = address(0xC000);
    address private constant _XA = address(0xC100);
    address private constant _DL = address(0xC200);
    address private constant _BJ = address(0xC300);
    bytes32 private constant _JINAN = keccak256("jn.tongping");
    bytes32 private constant _XA_LOG = keccak256("xa.tongping");
    bytes32 private constant _BEIJING = keccak256("bj.tongping");
    CentreRegistry private _registry;

    function setUp() external {
        VM.warp(START + 1);
        _registry = new Assembly().REGISTRY();
    }

    /// @dev A rotation all had approved lay there; the key it names was stolen later, and another rotation replaced it.
    function testFuzz_AnApprovedRotationDoesNotBringOldKeysBack(uint32 wait) external {
        uint256 old = _rotation(address(0xA1));
        _vote(_XA, old);
        _vote(_DL, old);
        _decide(_rotation(address(0xA2)));
        VM.warp(block.timestamp + (wait % 6 days));
        VM.prank(_XA);
        VM.expectRevert(abi.encodeWithSelector(ICentreRegistry.ProposalSuperseded.selector, old, 1, 2));
        _registry.execute(old);
        assert(_registry.centreOf(_JINAN).current.logAccount == address(0xA2));
    }

    /// @dev One member alone came years later with a rotation that had its votes once.
    function testFuzz_AnApprovedRotationIsNotExecutedYearsLater(uint32 wait) external {
        uint256 old = _rotation(address(0xA1));
        _vote(_XA, old);
        uint256 late = block.timestamp + 7 days + wait;
        VM.warp(late);
        VM.prank(_DL);
        VM.expectRevert(abi.encodeWithSelector(ICentreRegistry.ProposalExpired.selector, old, START + 1 + 7 days, late));
        _registry.execute(old);
    }

    function test_AnOldRemovalDoesNotHitACentreThatReturned() external {
        _decide(_addition());
        uint256 old = _removal();
        _vote(_XA, old);
        _vote(_DL, old);
        uint256 second = _removal();
        _vote(_XA, second);
        _vote(_DL, second);
        _execute(second);
        _decide(_addition());
        VM.prank(_DL);
        VM.expectRevert(abi.encodeWithSelector(ICentreRegistry.ProposalSuperseded.selector, old, 1, 3));
        _registry.execute(old);
        assert(_registry.isMember(_BEIJING));
    }

    function test_AnOldAdditionDoesNotBringBackACentreThatWasRemoved() external {
        uint256 old = _addition();
        _vote(_XA, old);
        _vote(_DL, old);
        _decide(_addition());
        uint256 gone = _removal();
        _vote(_XA, gone);
        _vote(_DL, gone);
        _execute(gone);
        VM.prank(_DL);
        VM.expectRevert(abi.encodeWithSelector(ICentreRegistry.ProposalSuperseded.selector, old, 0, 2));
        _registry.execute(old);
        assert(!_registry.isMember(_BEIJING));
    }

    function test_AnOldEndpointDoesNotReplaceANewerOne() external {
        uint256 old = _endpoint("https://old.example");
        _vote(_XA, old);
        _decide(_endpoint("https://new.example"));
        VM.prank(_XA);
        VM.expectRevert(abi.encodeWithSelector(ICentreRegistry.ProposalSuperseded.selector, old, 1, 2));
        _registry.execute(old);
    }

    /// @dev Four of four were needed when it was opened. One left, three are enough for what is proposed from then on.
    function test_AMembersLeavingDoesNotLowerWhatAProposalNeeds() external {
        _decide(_addition());
        VM.prank(_JN);
        uint256 all = _registry.proposeThreshold(4, START + 7 days);
        _vote(_XA, all);
        _vote(_DL, all);
        _execute(all);
        uint256 old = _endpoint("https://new.example");
        _vote(_XA, old);
        _vote(_DL, old);
        uint256 gone = _removal();
        _vote(_XA, gone);
        _vote(_DL, gone);
        _vote(_BJ, gone);
        _execute(gone);
        assert(_registry.threshold() == 3 && _registry.votesNeeded(old) == 4);
        VM.prank(_JN);
        VM.expectRevert(abi.encodeWithSelector(ICentreRegistry.TooFewVotes.selector, old, 3, 4));
        _registry.execute(old);
    }

    function test_AThresholdIsNotVotedForOtherMembersThanThoseItWasProposedFor() external {
        VM.prank(_JN);
        uint256 old = _registry.proposeThreshold(3, START + 7 days);
        _vote(_XA, old);
        _vote(_DL, old);
        _decide(_addition());
        VM.prank(_JN);
        VM.expectRevert(abi.encodeWithSelector(ICentreRegistry.ProposalSuperseded.selector, old, 4, 6));
        _registry.execute(old);
    }

    function test_ASupersededProposalIsNeitherVotedForNorWithdrawn() external {
        uint256 old = _rotation(address(0xA1));
        _decide(_rotation(address(0xA2)));
        bytes memory refusal = abi.encodeWithSelector(ICentreRegistry.ProposalSuperseded.selector, old, 1, 2);
        VM.prank(_XA);
        VM.expectRevert(refusal);
        _registry.vote(old);
        VM.prank(address(0xA2));
        VM.expectRevert(refusal);
        _registry.withdraw(old);
        assert(_registry.stateOf(old) == ICentreRegistry.State.SUPERSEDED);
    }

    /// @dev A vote given with a stolen key is withdrawn with the one that replaced it.
    function test_AVoteOfAStolenKeyIsWithdrawnWithTheNewOne() external {
        uint256 theft = _endpoint("https://thief.example");
        _vote(_XA, theft);
        _decide(_rotationOf(_XA_LOG, address(0xA1), 0));
        // The endpoint of another centre is not what the rotation changed.
        VM.prank(address(0xA1));
        _registry.withdraw(theft);
        VM.prank(_JN);
        VM.expectRevert(abi.encodeWithSelector(ICentreRegistry.TooFewVotes.selector, theft, 1, 2));
        _registry.execute(theft);
    }

    function _rotation(address account) private returns (uint256 id) {
        return _rotationOf(_JINAN, account, START + 7 days);
    }

    function _rotationOf(bytes32 log, address account, uint48 overlap) private returns (uint256 id) {
        ICentreRegistry.Keys memory keys = ICentreRegistry.Keys(account, START, END, account, "key", "");
        VM.prank(_JN);
        return _registry.proposeRotation(log, keys, overlap, START + 1 + 7 days);
    }

    function _addition() private returns (uint256 id) {
        ICentreRegistry.Keys memory keys = ICentreRegistry.Keys(_BJ, START, END, _BJ, "key", "");
        VM.prank(_JN);
        return _registry.proposeAddition(ICentreRegistry.Centre("BJ", "https://bj.example", keys), START + 7 days);
    }

    function _removal() private returns (uint256 id) {
        VM.prank(_JN);
        return _registry.proposeRemoval(_BEIJING, START + 7 days);
    }

    function _endpoint(string memory url) private returns (uint256 id) {
        VM.prank(_JN);
        return _registry.proposeEndpoint(_JINAN, url, START + 7 days);
    }

    function _vote(address voter, uint256 id) private {
        VM.prank(voter);
        _registry.vote(id);
    }

    /// @dev All three founders stand behind it, whatever the threshold.
    function _decide(uint256 id) private {
        _vote(_XA, id);
        _vote(_DL, id);
        _execute(id);
    }

    function _execute(uint256 id) private {
        VM.prank(_DL);
        _registry.execute(id);
    }
}
