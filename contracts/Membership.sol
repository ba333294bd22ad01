// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICentreRegistry} from "./interfaces/ICentreRegistry.sol";

/// @title The centres of the consortium: who is a member, with which keys, and how many votes a change needs
/// @author Tongping
/// @notice CentreRegistry decides by votes; this contract checks and applies the changes.
abstract contract Membership is ICentreRegistry {
    /// @notice What votes for a centre, and proposals about it, are bound to; one slot.
    struct Standing {
        // Number of its present membership, never reused; 0 when it is no member. Votes are bound to it, so a removed
        // centre that joins again does not regain its old votes.
        uint64 membership;
        // Grows with every entry, removal and rotation: proposals about the centre or its keys are bound to it
        uint64 keys;
        // Grows with every one of these and with every endpoint: proposals of an endpoint are bound to it
        uint64 endpoint;
    }

    // One centre keeps a log, two others watch it.
    uint256 private constant _MINIMUM_CENTRES = 3;
    uint256 private constant _SHORTEST_CODE = 2;
    uint256 private constant _LONGEST_CODE = 4;

    mapping(bytes32 log => Centre centre) private _centres;
    mapping(bytes32 log => Keys keys) private _previous;
    mapping(address account => bytes32 log) private _spokenFor;
    bytes32[] internal _logs;

    mapping(bytes32 log => Standing standing) internal _standings;
    uint64 private _lastMembership;
    // Grows when a centre comes or goes and when the threshold changes: proposals of a threshold are bound to it.
    uint64 internal _composition;
    uint256 private _members;
    uint256 internal _threshold;

    /// @notice Enter the founding centres.
    /// @param founding At least three centres; codes and accounts distinct, windows not empty
    /// @param votes Votes that a proposal needs: from a majority of the founders to all of them
    constructor(Centre[] memory founding, uint256 votes) {
        uint256 count = founding.length;
        if (count < _MINIMUM_CENTRES) revert TooFewCentres(count, _MINIMUM_CENTRES);
        for (uint256 i = 0; i < count; ++i) _enter(founding[i]);
        _change(votes);
    }

    /// @inheritdoc ICentreRegistry
    function requireLogAccount(bytes32 log, address account) external view override {
        Keys storage present = _centres[log].current;
        // The usual case first: these three share one slot, so one read gets them all.
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
        return _standings[log].membership != 0;
    }

    /// @inheritdoc ICentreRegistry
    function keyVersion(bytes32 log) external view override returns (uint256 version) {
        return _standings[log].keys;
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

    /// @notice Make a centre a member.
    /// @param centre The centre
    function _add(Centre memory centre) internal {
        _enter(centre);
        _fitThreshold();
    }

    /// @notice End a membership. The log stays known, and its keys' window ends now.
    /// @param log Name of the centre's log
    function _remove(bytes32 log) internal {
        _checkRemoval(log);
        Centre storage centre = _centres[log];
        uint48 present = uint48(_now());
        if (centre.current.validUntil > present) centre.current.validUntil = present;
        delete _previous[log];
        Standing storage standing = _standings[log];
        standing.membership = 0;
        ++standing.keys;
        ++standing.endpoint;
        --_members;
        ++_composition;
        emit CentreRemoved(log, centre.code);
        _fitThreshold();
    }

    /// @notice Give a centre other keys; the previous ones stay valid to the end of the overlap, or of their window.
    /// @param log Name of the centre's log
    /// @param keys Its keys from now on
    /// @param overlapUntil First second after the overlap
    function _rotate(bytes32 log, Keys memory keys, uint48 overlapUntil) internal {
        uint48 previousUntil = _checkRotation(log, keys, overlapUntil);
        Centre storage centre = _centres[log];
        _previous[log] = centre.current;
        _previous[log].validUntil = previousUntil;
        _claim(keys, log);
        centre.current = keys;
        Standing storage standing = _standings[log];
        ++standing.keys;
        ++standing.endpoint;
        emit KeysRotated({
            log: log,
            logAccount: keys.logAccount,
            witnessAccount: keys.witnessAccount,
            validFrom: keys.validFrom,
            validUntil: keys.validUntil,
            previousUntil: previousUntil
        });
    }

    /// @notice Change a centre's endpoint.
    /// @param log Name of the centre's log
    /// @param endpoint The endpoint
    function _move(bytes32 log, string memory endpoint) internal {
        _checkEndpoint(log, endpoint);
        _centres[log].endpoint = endpoint;
        ++_standings[log].endpoint;
        emit EndpointChanged(log, endpoint);
    }

    /// @notice Change the number of votes a proposal needs.
    /// @param votes Votes
    function _change(uint256 votes) internal {
        _checkThreshold(votes);
        _setThreshold(votes);
    }

    /// @notice Require the account that votes for a member. An expired window does not end the right to vote: centres
    /// whose keys all expired on one day must still be able to vote for new ones. A previous account votes only in
    /// its overlap.
    /// @return log Name of the member's log
    function _requireMember() internal view returns (bytes32 log) {
        log = _spokenFor[msg.sender];
        if (_standings[log].membership == 0) revert NotMember(msg.sender);
        if (_centres[log].current.logAccount == msg.sender) return log;
        Keys storage previous = _previous[log];
        if (previous.logAccount != msg.sender || !_isNow(previous)) revert NotMember(msg.sender);
    }

    /// @notice Refuse a centre that cannot become a member.
    /// @param centre The centre
    /// @return log Name of its log
    function _checkAddition(Centre memory centre) internal view returns (bytes32 log) {
        log = _logOf(centre.code);
        if (_standings[log].membership != 0) revert DuplicateCentre(centre.code);
        if (bytes(centre.endpoint).length == 0) revert IncompleteCentre(centre.code);
        _checkKeys(log, centre.code, centre.current);
    }

    /// @notice Refuse the removal of a non-member, and of one of the last three members.
    /// @param log Name of the centre's log
    function _checkRemoval(bytes32 log) internal view {
        _member(log);
        if (_members == _MINIMUM_CENTRES) revert TooFewCentres(_members - 1, _MINIMUM_CENTRES);
    }

    /// @notice Refuse keys that a centre cannot have, and a gap without valid keys.
    /// @param log Name of the centre's log
    /// @param keys The keys
    /// @param overlapUntil First second after the overlap
    /// @return previousUntil First second in which the present keys would no longer be valid
    function _checkRotation(
        bytes32 log,
        Keys memory keys,
        uint48 overlapUntil
    ) internal view returns (uint48 previousUntil) {
        Centre storage centre = _member(log);
        _checkKeys(log, centre.code, keys);
        previousUntil = centre.current.validUntil;
        if (overlapUntil < previousUntil) previousUntil = overlapUntil;
        if (keys.validFrom > _now() && keys.validFrom > previousUntil) {
            revert OverlapTooShort(centre.code, previousUntil, keys.validFrom);
        }
    }

    /// @notice Refuse an endpoint for a non-member, and an empty one.
    /// @param log Name of the centre's log
    /// @param endpoint The endpoint
    function _checkEndpoint(bytes32 log, string memory endpoint) internal view {
        Centre storage centre = _member(log);
        if (bytes(endpoint).length == 0) revert IncompleteCentre(centre.code);
    }

    /// @notice Refuse a threshold below a majority or above all members.
    /// @param votes The threshold
    function _checkThreshold(uint256 votes) internal view {
        if (votes < _majority() || votes > _members) revert ThresholdOutOfRange(votes, _majority(), _members);
    }

    /// @notice The time of the block.
    /// @return present Unix seconds
    function _now() internal view returns (uint256 present) {
        // Windows are days and years, so a validator that shifts a block's time by seconds changes nothing.
        return block.timestamp; // solhint-disable-line not-rely-on-time
    }

    /// @notice Enter a centre that has not been checked yet.
    /// @param centre The centre
    function _enter(Centre memory centre) private {
        bytes32 log = _checkAddition(centre);
        if (_centres[log].current.logAccount == address(0)) _logs.push(log);
        _claim(centre.current, log);
        _centres[log] = centre;
        Standing storage standing = _standings[log];
        standing.membership = ++_lastMembership;
        ++standing.keys;
        ++standing.endpoint;
        ++_members;
        ++_composition;
        emit CentreEntered({
            log: log,
            code: centre.code,
            logAccount: centre.current.logAccount,
            witnessAccount: centre.current.witnessAccount,
            validFrom: centre.current.validFrom,
            validUntil: centre.current.validUntil
        });
    }

    /// @notice Bind accounts to one centre permanently.
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
        ++_composition;
        emit ThresholdChanged(votes, _members);
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

    /// @notice Refuse the zero address, and another centre's account.
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
        if (_standings[log].membership == 0) revert CentreGone(log);
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
