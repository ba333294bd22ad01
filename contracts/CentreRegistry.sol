// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICentreRegistry} from "./interfaces/ICentreRegistry.sol";
import {Membership} from "./Membership.sol";

/// @title The centres of the consortium, changed by their votes alone
/// @author Tongping
/// @notice The founding centres are entered by the constructor; the deployer has no power afterwards.
contract CentreRegistry is ICentreRegistry, Membership {
    /// @notice A proposal with what it is bound to; everything that a vote must read is in two slots.
    struct Bound {
        // What it would change
        Kind kind;
        // Open, executed or withdrawn; the other states follow from the time and the version
        State outcome;
        // First second in which it is no longer open
        uint48 expiresAt;
        // The threshold when it was opened: never are fewer votes enough
        uint32 threshold;
        // Version of what it would change, when it was opened
        uint64 version;
        // Name of the log of the centre it is about; zero for the threshold and the successor
        bytes32 target;
        // Name of the log of the centre that opened it
        bytes32 proposer;
        // ABI encoding of the arguments listed for its kind
        bytes content;
    }

    // The longest time a proposal may stay open: a quarter, in which every centre's board meets once.
    uint256 private constant _LONGEST_OPEN = 90 days;

    mapping(uint256 id => Bound proposal) private _proposals;
    mapping(uint256 id => mapping(bytes32 log => uint256 membership)) private _votes;
    uint256 private _lastProposal;
    address private _successor;

    /// @notice Enter the founding centres.
    /// @param founding At least three centres; codes and accounts distinct, windows not empty
    /// @param votes Votes that a proposal needs: from a majority of the founders to all of them
    // solhint-disable-next-line no-empty-blocks
    constructor(Centre[] memory founding, uint256 votes) Membership(founding, votes) {}

    /// @inheritdoc ICentreRegistry
    function proposeAddition(Centre calldata centre, uint48 expiresAt) external override returns (uint256 id) {
        bytes32 log = _checkAddition(centre);
        return _open(Kind.ADDITION, log, expiresAt, abi.encode(centre));
    }

    /// @inheritdoc ICentreRegistry
    function proposeRemoval(bytes32 log, uint48 expiresAt) external override returns (uint256 id) {
        _checkRemoval(log);
        return _open(Kind.REMOVAL, log, expiresAt, abi.encode(log));
    }

    /// @inheritdoc ICentreRegistry
    function proposeRotation(
        bytes32 log,
        Keys calldata keys,
        uint48 overlapUntil,
        uint48 expiresAt
    ) external override returns (uint256 id) {
        _checkRotation(log, keys, overlapUntil);
        return _open(Kind.ROTATION, log, expiresAt, abi.encode(log, keys, overlapUntil));
    }

    /// @inheritdoc ICentreRegistry
    function proposeEndpoint(
        bytes32 log,
        string calldata endpoint,
        uint48 expiresAt
    ) external override returns (uint256 id) {
        _checkEndpoint(log, endpoint);
        return _open(Kind.ENDPOINT, log, expiresAt, abi.encode(log, endpoint));
    }

    /// @inheritdoc ICentreRegistry
    function proposeThreshold(uint256 votes, uint48 expiresAt) external override returns (uint256 id) {
        _checkThreshold(votes);
        return _open(Kind.THRESHOLD, bytes32(0), expiresAt, abi.encode(votes));
    }

    /// @inheritdoc ICentreRegistry
    function proposeSuccessor(address contract_, uint48 expiresAt) external override returns (uint256 id) {
        _checkSuccessor(contract_);
        return _open(Kind.SUCCESSOR, bytes32(0), expiresAt, abi.encode(contract_));
    }

    /// @inheritdoc ICentreRegistry
    function vote(uint256 id) external override {
        bytes32 voter = _requireMember();
        _requireOpen(id);
        if (_counts(id, voter)) revert AlreadyVoted(id, voter);
        _giveVote(id, voter);
    }

    /// @inheritdoc ICentreRegistry
    function withdraw(uint256 id) external override {
        bytes32 voter = _requireMember();
        Bound storage proposal = _requireOpen(id);
        if (!_counts(id, voter)) revert NotVoted(id, voter);
        delete _votes[id][voter];
        emit VoteWithdrawn(id, voter);
        if (_count(id) != 0) return;
        proposal.outcome = State.WITHDRAWN;
        emit ProposalWithdrawn(id);
    }

    /// @inheritdoc ICentreRegistry
    function execute(uint256 id) external override {
        _requireMember();
        Bound storage proposal = _requireOpen(id);
        uint256 votes = _count(id);
        uint256 needed = _needed(proposal);
        if (votes < needed) revert TooFewVotes(id, votes, needed);
        proposal.outcome = State.EXECUTED;
        emit ProposalExecuted(id);
        _apply(proposal.kind, proposal.content);
    }

    /// @inheritdoc ICentreRegistry
    function successor() external view override returns (address contract_) {
        return _successor;
    }

    /// @inheritdoc ICentreRegistry
    function proposals() external view override returns (uint256 count) {
        return _lastProposal;
    }

    /// @inheritdoc ICentreRegistry
    function proposalOf(uint256 id) external view override returns (Proposal memory proposal) {
        Bound storage found = _proposal(id);
        proposal = Proposal({
            kind: found.kind,
            expiresAt: found.expiresAt,
            executed: found.outcome == State.EXECUTED,
            proposer: found.proposer,
            content: found.content
        });
    }

    /// @inheritdoc ICentreRegistry
    function stateOf(uint256 id) external view override returns (State state) {
        Bound storage proposal = _proposal(id);
        return _state(proposal, _version(proposal.kind, proposal.target));
    }

    /// @inheritdoc ICentreRegistry
    function votesNeeded(uint256 id) external view override returns (uint256 votes) {
        return _needed(_proposal(id));
    }

    /// @inheritdoc ICentreRegistry
    function votesFor(uint256 id) external view override returns (bytes32[] memory names) {
        _proposal(id);
        names = new bytes32[](_count(id));
        uint256 count = _logs.length;
        uint256 found = 0;
        for (uint256 i = 0; i < count; ++i) {
            if (!_counts(id, _logs[i])) continue;
            names[found] = _logs[i];
            ++found;
        }
    }

    /// @notice Open a proposal with its proposer's vote.
    /// @param kind What it would change
    /// @param target Name of the log of the centre it is about; zero for the threshold and the successor
    /// @param expiresAt First second in which it is no longer open
    /// @param content ABI encoding of the arguments listed for its kind
    /// @return id Its number
    function _open(Kind kind, bytes32 target, uint48 expiresAt, bytes memory content) private returns (uint256 id) {
        bytes32 proposer = _requireMember();
        uint256 present = _now();
        if (expiresAt <= present || expiresAt > present + _LONGEST_OPEN) {
            revert InvalidExpiry(expiresAt, present + 1, present + _LONGEST_OPEN);
        }
        id = ++_lastProposal;
        _proposals[id] = Bound({
            kind: kind,
            outcome: State.OPEN,
            expiresAt: expiresAt,
            threshold: uint32(_threshold),
            version: _version(kind, target),
            target: target,
            proposer: proposer,
            content: content
        });
        emit ProposalOpened(id, kind, proposer, expiresAt);
        _giveVote(id, proposer);
    }

    /// @notice Record a vote under the voter's present membership.
    /// @param id Number of the proposal
    /// @param voter Name of the centre's log
    function _giveVote(uint256 id, bytes32 voter) private {
        _votes[id][voter] = _standings[voter].membership;
        emit VoteGiven(id, voter);
    }

    /// @notice Apply a proposal's change, with the same checks as when it was proposed.
    /// @param kind What changes
    /// @param content ABI encoding of the arguments listed for the kind
    function _apply(Kind kind, bytes memory content) private {
        if (kind == Kind.ADDITION) {
            _add(abi.decode(content, (Centre)));
        } else if (kind == Kind.REMOVAL) {
            _remove(abi.decode(content, (bytes32)));
        } else if (kind == Kind.ROTATION) {
            (bytes32 log, Keys memory keys, uint48 overlapUntil) = abi.decode(content, (bytes32, Keys, uint48));
            _rotate(log, keys, overlapUntil);
        } else if (kind == Kind.ENDPOINT) {
            (bytes32 log, string memory endpoint) = abi.decode(content, (bytes32, string));
            _move(log, endpoint);
        } else if (kind == Kind.THRESHOLD) {
            _change(abi.decode(content, (uint256)));
        } else {
            _succeed(abi.decode(content, (address)));
        }
    }

    /// @notice Name the contract that takes over.
    /// @param contract_ The successor
    function _succeed(address contract_) private {
        _checkSuccessor(contract_);
        _successor = contract_;
        emit SuccessorNamed(contract_);
    }

    /// @notice Require an open proposal.
    /// @param id Its number
    /// @return proposal The proposal
    function _requireOpen(uint256 id) private view returns (Bound storage proposal) {
        proposal = _proposal(id);
        uint256 present = _version(proposal.kind, proposal.target);
        State state = _state(proposal, present);
        if (state == State.OPEN) return proposal;
        if (state == State.EXECUTED) revert AlreadyExecuted(id);
        if (state == State.WITHDRAWN) revert AlreadyWithdrawn(id);
        if (state == State.SUPERSEDED) revert ProposalSuperseded(id, proposal.version, present);
        revert ProposalExpired(id, proposal.expiresAt, _now());
    }

    /// @notice What has become of a proposal.
    /// @param proposal The proposal
    /// @param present The present version of what it would change
    /// @return state Its state
    function _state(Bound storage proposal, uint256 present) private view returns (State state) {
        state = proposal.outcome;
        if (state != State.OPEN) return state;
        // First, because it is for good: once superseded, always superseded.
        if (proposal.version != present) return State.SUPERSEDED;
        if (_now() >= proposal.expiresAt) return State.EXPIRED;
    }

    /// @notice The present version of what a proposal of this kind would change. It only grows.
    /// @param kind The kind
    /// @param target Name of the log of the centre it is about
    /// @return version The version
    function _version(Kind kind, bytes32 target) private view returns (uint64 version) {
        if (kind == Kind.THRESHOLD) return _composition;
        if (kind == Kind.ENDPOINT) return _standings[target].endpoint;
        if (kind != Kind.SUCCESSOR) return _standings[target].keys;
        if (_successor != address(0)) return 1;
    }

    /// @notice Votes that a proposal needs: what happens to the membership meanwhile never lowers them.
    /// @param proposal The proposal
    /// @return votes Votes
    function _needed(Bound storage proposal) private view returns (uint256 votes) {
        votes = proposal.threshold;
        if (votes < _threshold) votes = _threshold;
    }

    /// @notice A proposal.
    /// @param id Its number
    /// @return proposal The proposal
    function _proposal(uint256 id) private view returns (Bound storage proposal) {
        proposal = _proposals[id];
        if (proposal.expiresAt == 0) revert UnknownProposal(id);
    }

    /// @notice Votes for a proposal that count at this moment.
    /// @param id Its number
    /// @return votes Votes
    function _count(uint256 id) private view returns (uint256 votes) {
        uint256 count = _logs.length;
        for (uint256 i = 0; i < count; ++i) if (_counts(id, _logs[i])) ++votes;
    }

    /// @notice Whether a centre's vote for a proposal counts: it was given under the centre's present membership.
    /// @param id Number of the proposal
    /// @param log Name of the centre's log
    /// @return counts True when it does
    function _counts(uint256 id, bytes32 log) private view returns (bool counts) {
        uint256 membership = _standings[log].membership;
        return membership != 0 && _votes[id][log] == membership;
    }

    /// @notice Refuse a second successor, and one that is not a contract.
    /// @param contract_ The successor
    function _checkSuccessor(address contract_) private view {
        if (_successor != address(0)) revert SuccessorFinal(_successor);
        if (contract_.code.length == 0) revert InvalidSuccessor(contract_);
    }
}
