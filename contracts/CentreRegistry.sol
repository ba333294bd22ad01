// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICentreRegistry} from "./interfaces/ICentreRegistry.sol";

/// @title The centres of the consortium, changed by their votes alone
/// @author Tongping
/// @notice The founding centres are entered by the constructor; the deployer has no power afterwards.
contract CentreRegistry is ICentreRegistry {
    // One centre keeps a log, two others watch it.
    uint256 private constant _MINIMUM_CENTRES = 3;
    uint256 private constant _SHORTEST_CODE = 2;
    uint256 private constant _LONGEST_CODE = 4;
    // What nobody wanted for so long is asked anew.
    uint256 private constant _LONGEST_OPEN = 90 days;

    mapping(bytes32 log => Centre centre) private _centres;
    mapping(bytes32 log => Keys keys) private _previous;
    mapping(address account => bytes32 log) private _spokenFor;
    bytes32[] private _logs;

    // A membership has a number of its own, never used again, and 0 is none: votes are bound to it, so those of a
    // centre that was removed do not come back with it.
    mapping(bytes32 log => uint256 membership) private _memberships;
    uint256 private _lastMembership;
    uint256 private _members;
    uint256 private _threshold;
    address private _successor;

    mapping(uint256 id => Proposal proposal) private _proposals;
    mapping(uint256 id => mapping(bytes32 log => uint256 membership)) private _votes;
    uint256 private _lastProposal;

    /// @notice Enter the founding centres.
    /// @param founding At least three centres; codes and accounts distinct, windows not empty
    /// @param votes Votes that a proposal needs: from a majority of the founders to all of them
    constructor(Centre[] memory founding, uint256 votes) {
        uint256 count = founding.length;
        if (count < _MINIMUM_CENTRES) revert TooFewCentres(count, _MINIMUM_CENTRES);
        for (uint256 i = 0; i < count; ++i) _enter(founding[i]);
        _checkThreshold(votes);
        _setThreshold(votes);
    }

    /// @inheritdoc ICentreRegistry
    function proposeAddition(Centre calldata centre, uint48 expiresAt) external override returns (uint256 id) {
        _checkAddition(centre);
        return _open(Kind.ADDITION, expiresAt, abi.encode(centre));
    }

    /// @inheritdoc ICentreRegistry
    function proposeRemoval(bytes32 log, uint48 expiresAt) external override returns (uint256 id) {
        _checkRemoval(log);
        return _open(Kind.REMOVAL, expiresAt, abi.encode(log));
    }

    /// @inheritdoc ICentreRegistry
    function proposeRotation(
        bytes32 log,
        Keys calldata keys,
        uint48 overlapUntil,
        uint48 expiresAt
    ) external override returns (uint256 id) {
        _checkRotation(log, keys, overlapUntil);
        return _open(Kind.ROTATION, expiresAt, abi.encode(log, keys, overlapUntil));
    }

    /// @inheritdoc ICentreRegistry
    function proposeEndpoint(
        bytes32 log,
        string calldata endpoint,
        uint48 expiresAt
    ) external override returns (uint256 id) {
        _checkEndpoint(log, endpoint);
        return _open(Kind.ENDPOINT, expiresAt, abi.encode(log, endpoint));
    }

    /// @inheritdoc ICentreRegistry
    function proposeThreshold(uint256 votes, uint48 expiresAt) external override returns (uint256 id) {
        _checkThreshold(votes);
        return _open(Kind.THRESHOLD, expiresAt, abi.encode(votes));
    }

    /// @inheritdoc ICentreRegistry
    function proposeSuccessor(address contract_, uint48 expiresAt) external override returns (uint256 id) {
        _checkSuccessor(contract_);
        return _open(Kind.SUCCESSOR, expiresAt, abi.encode(contract_));
    }

    /// @inheritdoc ICentreRegistry
    function vote(uint256 id) external override {
        bytes32 voter = _requireMember();
        _requireOpen(id);
        if (_votes[id][voter] == _memberships[voter]) revert AlreadyVoted(id, voter);
        _giveVote(id, voter);
    }

    /// @inheritdoc ICentreRegistry
    function execute(uint256 id) external override {
        _requireMember();
        Proposal storage proposal = _requireOpen(id);
        uint256 votes = _count(id);
        if (votes < _threshold) revert TooFewVotes(id, votes, _threshold);
        proposal.executed = true;
        emit ProposalExecuted(id);
        _apply(proposal.kind, proposal.content);
    }

    /// @inheritdoc ICentreRegistry
    function requireLogAccount(bytes32 log, address account) external view override {
        Keys storage present = _centres[log].current;
        // The usual way first: these three are one slot, read once because they are read together.
        (address expected, uint256 from, uint256 until) = (present.logAccount, present.validFrom, present.validUntil);
        uint256 time = _now();
        if (expected == account && from <= time && time < until) return;
        if (expected == address(0)) revert UnknownLog(log);
        Keys storage previous = _previous[log];
        if (previous.logAccount == account && _isNow(previous)) return;
        if (expected == account) _refuse(account, present);
        if (previous.logAccount == account) _refuse(account, previous);
        revert NotLogAccount(log, account, expected);
    }

    /// @inheritdoc ICentreRegistry
    function requireWitness(address account) external view override returns (bytes32 log) {
        log = _spokenFor[account];
        if (log == bytes32(0)) revert UnknownWitness(account);
        Keys storage present = _centres[log].current;
        Keys storage previous = _previous[log];
        bool isPresent = present.witnessAccount == account;
        bool isPrevious = previous.witnessAccount == account;
        if (isPresent && _isNow(present)) return log;
        if (isPrevious && _isNow(previous)) return log;
        if (isPresent) _refuse(account, present);
        if (isPrevious) _refuse(account, previous);
        revert UnknownWitness(account);
    }

    /// @inheritdoc ICentreRegistry
    function centreOf(bytes32 log) external view override returns (Centre memory centre) {
        return _known(log);
    }

    /// @inheritdoc ICentreRegistry
    function previousKeys(bytes32 log) external view override returns (Keys memory keys) {
        _known(log);
        return _previous[log];
    }

    /// @inheritdoc ICentreRegistry
    function isMember(bytes32 log) external view override returns (bool member) {
        return _memberships[log] != 0;
    }

    /// @inheritdoc ICentreRegistry
    function logs() external view override returns (bytes32[] memory names) {
        return _logs;
    }

    /// @inheritdoc ICentreRegistry
    function members() external view override returns (uint256 count) {
        return _members;
    }

    /// @inheritdoc ICentreRegistry
    function threshold() external view override returns (uint256 votes) {
        return _threshold;
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
        return _proposal(id);
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
    /// @param expiresAt First second in which it is open no longer
    /// @param content ABI encoding of the arguments that its kind names
    /// @return id Its number
    function _open(Kind kind, uint48 expiresAt, bytes memory content) private returns (uint256 id) {
        bytes32 proposer = _requireMember();
        uint256 present = _now();
        if (expiresAt <= present || expiresAt > present + _LONGEST_OPEN) {
            revert InvalidExpiry(expiresAt, present + 1, present + _LONGEST_OPEN);
        }
        id = ++_lastProposal;
        _proposals[id] = Proposal({
            kind: kind,
            expiresAt: expiresAt,
            executed: false,
            proposer: proposer,
            content: content
        });
        emit ProposalOpened(id, kind, proposer, expiresAt);
        _giveVote(id, proposer);
    }

    /// @notice Note a vote under the membership that gives it.
    /// @param id Number of the proposal
    /// @param voter Name of the centre's log
    function _giveVote(uint256 id, bytes32 voter) private {
        _votes[id][voter] = _memberships[voter];
        emit VoteGiven(id, voter);
    }

    /// @notice Do what was voted for, if it still can be done: it is checked again as when it was proposed.
    /// @param kind What changes
    /// @param content ABI encoding of the arguments that the kind names
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
            _checkEndpoint(log, endpoint);
            _centres[log].endpoint = endpoint;
            emit EndpointChanged(log, endpoint);
        } else if (kind == Kind.THRESHOLD) {
            uint256 votes = abi.decode(content, (uint256));
            _checkThreshold(votes);
            _setThreshold(votes);
        } else {
            address contract_ = abi.decode(content, (address));
            _checkSuccessor(contract_);
            _successor = contract_;
            emit SuccessorNamed(contract_);
        }
    }

    /// @notice Make a centre a member.
    /// @param centre The centre
    function _add(Centre memory centre) private {
        _enter(centre);
        _fitThreshold();
    }

    /// @notice End a membership. The log stays known, and its keys' window ends now.
    /// @param log Name of the centre's log
    function _remove(bytes32 log) private {
        _checkRemoval(log);
        Centre storage centre = _centres[log];
        uint48 present = uint48(_now());
        if (centre.current.validUntil > present) centre.current.validUntil = present;
        delete _previous[log];
        delete _memberships[log];
        --_members;
        emit CentreRemoved(log, centre.code);
        _fitThreshold();
    }

    /// @notice Give a centre other keys; the previous ones stay valid to the end of the overlap, or of their window.
    /// @param log Name of the centre's log
    /// @param keys Its keys from now on
    /// @param overlapUntil First second after the overlap
    function _rotate(bytes32 log, Keys memory keys, uint48 overlapUntil) private {
        uint48 previousUntil = _checkRotation(log, keys, overlapUntil);
        Centre storage centre = _centres[log];
        _previous[log] = centre.current;
        _previous[log].validUntil = previousUntil;
        _claim(keys, log);
        centre.current = keys;
        emit KeysRotated({
            log: log,
            logAccount: keys.logAccount,
            witnessAccount: keys.witnessAccount,
            validFrom: keys.validFrom,
            validUntil: keys.validUntil,
            previousUntil: previousUntil
        });
    }

    /// @notice Enter a centre that was checked by nobody yet.
    /// @param centre The centre
    function _enter(Centre memory centre) private {
        bytes32 log = _checkAddition(centre);
        if (_centres[log].current.logAccount == address(0)) _logs.push(log);
        _claim(centre.current, log);
        _centres[log] = centre;
        _memberships[log] = ++_lastMembership;
        ++_members;
        emit CentreEntered({
            log: log,
            code: centre.code,
            logAccount: centre.current.logAccount,
            witnessAccount: centre.current.witnessAccount,
            validFrom: centre.current.validFrom,
            validUntil: centre.current.validUntil
        });
    }

    /// @notice Let accounts speak for one centre and no other, for good.
    /// @param keys The keys whose accounts they are
    /// @param log Name of the centre's log
    function _claim(Keys memory keys, bytes32 log) private {
        _spokenFor[keys.logAccount] = log;
        _spokenFor[keys.witnessAccount] = log;
    }

    /// @notice Keep the threshold between a majority of the members and all of them.
    function _fitThreshold() private {
        if (_threshold < _majority()) _setThreshold(_majority());
        else if (_threshold > _members) _setThreshold(_members);
    }

    /// @notice Set how many votes a proposal needs.
    /// @param votes Votes
    function _setThreshold(uint256 votes) private {
        _threshold = votes;
        emit ThresholdChanged(votes, _members);
    }

    /// @notice Let pass the account that votes for a member. A window that ran out does not take the vote: centres
    /// whose keys all ended on one day must still be able to vote for new ones. A previous account votes in its
    /// overlap only.
    /// @return log Name of the member's log
    function _requireMember() private view returns (bytes32 log) {
        log = _spokenFor[msg.sender];
        if (_memberships[log] == 0) revert NotMember(msg.sender);
        if (_centres[log].current.logAccount == msg.sender) return log;
        Keys storage previous = _previous[log];
        if (previous.logAccount != msg.sender || !_isNow(previous)) revert NotMember(msg.sender);
    }

    /// @notice Let pass a proposal that is neither executed nor expired.
    /// @param id Its number
    /// @return proposal The proposal
    function _requireOpen(uint256 id) private view returns (Proposal storage proposal) {
        proposal = _proposal(id);
        if (proposal.executed) revert AlreadyExecuted(id);
        if (_now() >= proposal.expiresAt) revert ProposalExpired(id, proposal.expiresAt, _now());
    }

    /// @notice A proposal.
    /// @param id Its number
    /// @return proposal The proposal
    function _proposal(uint256 id) private view returns (Proposal storage proposal) {
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

    /// @notice Whether a centre's vote for a proposal counts: it was given under the membership the centre has now.
    /// @param id Number of the proposal
    /// @param log Name of the centre's log
    /// @return counts True when it does
    function _counts(uint256 id, bytes32 log) private view returns (bool counts) {
        uint256 membership = _memberships[log];
        return membership != 0 && _votes[id][log] == membership;
    }

    /// @notice Refuse a centre that cannot become a member.
    /// @param centre The centre
    /// @return log Name of its log
    function _checkAddition(Centre memory centre) private view returns (bytes32 log) {
        log = _logOf(centre.code);
        if (_memberships[log] != 0) revert DuplicateCentre(centre.code);
        if (bytes(centre.endpoint).length == 0) revert IncompleteCentre(centre.code);
        _checkKeys(log, centre.code, centre.current);
    }

    /// @notice Refuse the removal of a stranger, and of one of the last three.
    /// @param log Name of the centre's log
    function _checkRemoval(bytes32 log) private view {
        _member(log);
        if (_members == _MINIMUM_CENTRES) revert TooFewCentres(_members - 1, _MINIMUM_CENTRES);
    }

    /// @notice Refuse keys that a centre cannot have, and a time without any.
    /// @param log Name of the centre's log
    /// @param keys The keys
    /// @param overlapUntil First second after the overlap
    /// @return previousUntil First second in which the present keys would be valid no longer
    function _checkRotation(
        bytes32 log,
        Keys memory keys,
        uint48 overlapUntil
    ) private view returns (uint48 previousUntil) {
        Centre storage centre = _member(log);
        _checkKeys(log, centre.code, keys);
        previousUntil = centre.current.validUntil;
        if (overlapUntil < previousUntil) previousUntil = overlapUntil;
        if (keys.validFrom > _now() && keys.validFrom > previousUntil) {
            revert OverlapTooShort(centre.code, previousUntil, keys.validFrom);
        }
    }

    /// @notice Refuse an endpoint for a stranger, and an empty one.
    /// @param log Name of the centre's log
    /// @param endpoint The endpoint
    function _checkEndpoint(bytes32 log, string memory endpoint) private view {
        Centre storage centre = _member(log);
        if (bytes(endpoint).length == 0) revert IncompleteCentre(centre.code);
    }

    /// @notice Refuse a threshold that a minority could reach, or nobody.
    /// @param votes The threshold
    function _checkThreshold(uint256 votes) private view {
        if (votes < _majority() || votes > _members) revert ThresholdOutOfRange(votes, _majority(), _members);
    }

    /// @notice Refuse a second successor, and one that is no contract.
    /// @param contract_ The successor
    function _checkSuccessor(address contract_) private view {
        if (_successor != address(0)) revert SuccessorFinal(_successor);
        if (contract_.code.length == 0) revert InvalidSuccessor(contract_);
    }

    /// @notice Refuse keys that a centre cannot have.
    /// @param log Name of the centre's log
    /// @param code Its code, for the error
    /// @param keys The keys
    function _checkKeys(bytes32 log, string memory code, Keys memory keys) private view {
        if (keys.validFrom >= keys.validUntil || keys.validUntil <= _now()) {
            revert InvalidWindow(code, keys.validFrom, keys.validUntil);
        }
        if (bytes(keys.verifierKey).length == 0) revert IncompleteCentre(code);
        _checkAccount(log, code, keys.logAccount);
        _checkAccount(log, code, keys.witnessAccount);
    }

    /// @notice Refuse an account that is none, or another centre's.
    /// @param log Name of the centre's log
    /// @param code Its code, for the error
    /// @param account The account
    function _checkAccount(bytes32 log, string memory code, address account) private view {
        bytes32 present = _spokenFor[account];
        if (account == address(0) || (present != bytes32(0) && present != log)) revert InvalidAccount(code, account);
    }

    /// @notice The centre that keeps or kept a log.
    /// @param log Name of the log
    /// @return centre The centre
    function _known(bytes32 log) private view returns (Centre storage centre) {
        centre = _centres[log];
        if (centre.current.logAccount == address(0)) revert UnknownLog(log);
    }

    /// @notice The member that keeps a log.
    /// @param log Name of the log
    /// @return centre The centre
    function _member(bytes32 log) private view returns (Centre storage centre) {
        centre = _known(log);
        if (_memberships[log] == 0) revert CentreGone(log);
    }

    /// @notice More than half of the members.
    /// @return votes Centres
    function _majority() private view returns (uint256 votes) {
        return _members / 2 + 1;
    }

    /// @notice Whether keys count at this moment.
    /// @param keys The keys
    /// @return valid True within their window
    function _isNow(Keys storage keys) private view returns (bool valid) {
        uint256 present = _now();
        return keys.validFrom <= present && present < keys.validUntil;
    }

    /// @notice Refuse an account outside its window.
    /// @param account The account
    /// @param keys Its keys
    function _refuse(address account, Keys storage keys) private view {
        revert AccountNotValid(account, keys.validFrom, keys.validUntil, _now());
    }

    /// @notice The time of the block.
    /// @return present Unix seconds
    function _now() private view returns (uint256 present) {
        // Windows are days and years; that a validator moves a block's time by seconds changes nothing.
        return block.timestamp; // solhint-disable-line not-rely-on-time
    }

    /// @notice Name of a centre's log: the hash of its checkpoint origin.
    /// @param code Two to four upper-case ASCII letters
    /// @return log The name
    function _logOf(string memory code) private pure returns (bytes32 log) {
        bytes memory letters = bytes(code);
        uint256 length = letters.length;
        if (length < _SHORTEST_CODE || length > _LONGEST_CODE) revert InvalidCode(code);
        bytes memory lower = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            if (letters[i] < "A" || letters[i] > "Z") revert InvalidCode(code);
            lower[i] = letters[i] | 0x20;
        }
        return keccak256(abi.encodePacked(lower, ".tongping"));
    }
}
