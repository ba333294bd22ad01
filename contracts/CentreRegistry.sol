// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICentreRegistry} from "./interfaces/ICentreRegistry.sol";

/// @title The founding centres of the consortium
/// @author Tongping
/// @notice Entered once by the constructor; nobody, the deployer included, can change them in this contract.
contract CentreRegistry is ICentreRegistry {
    // One centre keeps a log, two others watch it.
    uint256 private constant _MINIMUM_CENTRES = 3;
    uint256 private constant _SHORTEST_CODE = 2;
    uint256 private constant _LONGEST_CODE = 4;

    mapping(bytes32 log => Centre centre) private _centres;
    mapping(address account => bytes32 log) private _spokenFor;
    bytes32[] private _logs;

    /// @notice Enter the founding centres.
    /// @param founding At least three centres; codes and accounts distinct, windows not empty
    constructor(Centre[] memory founding) {
        uint256 count = founding.length;
        if (count < _MINIMUM_CENTRES) revert TooFewCentres(count, _MINIMUM_CENTRES);
        for (uint256 i = 0; i < count; ++i) _found(founding[i]);
    }

    /// @inheritdoc ICentreRegistry
    function logAccount(
        bytes32 log
    ) external view override returns (address account, uint48 validFrom, uint48 validUntil) {
        Centre storage centre = _known(log);
        return (centre.logAccount, centre.validFrom, centre.validUntil);
    }

    /// @inheritdoc ICentreRegistry
    function witnessOf(
        address account
    ) external view override returns (bytes32 log, uint48 validFrom, uint48 validUntil) {
        log = _spokenFor[account];
        Centre storage centre = _centres[log];
        if (log == bytes32(0) || centre.witnessAccount != account) revert UnknownWitness(account);
        return (log, centre.validFrom, centre.validUntil);
    }

    /// @inheritdoc ICentreRegistry
    function centreOf(bytes32 log) external view override returns (Centre memory centre) {
        return _known(log);
    }

    /// @inheritdoc ICentreRegistry
    function logs() external view override returns (bytes32[] memory names) {
        return _logs;
    }

    /// @notice Enter one centre.
    /// @param centre The centre
    function _found(Centre memory centre) private {
        bytes32 log = _logOf(centre.code);
        if (_centres[log].logAccount != address(0)) revert DuplicateCentre(centre.code);
        if (centre.validFrom >= centre.validUntil) {
            revert InvalidWindow(centre.code, centre.validFrom, centre.validUntil);
        }
        if (bytes(centre.endpoint).length == 0 || bytes(centre.verifierKey).length == 0) {
            revert IncompleteCentre(centre.code);
        }
        _claim(centre.logAccount, log, centre.code);
        _claim(centre.witnessAccount, log, centre.code);
        _centres[log] = centre;
        _logs.push(log);
        emit CentreFounded({
            log: log,
            code: centre.code,
            logAccount: centre.logAccount,
            witnessAccount: centre.witnessAccount,
            validFrom: centre.validFrom,
            validUntil: centre.validUntil
        });
    }

    /// @notice Let an account speak for one centre and no other.
    /// @param account The account
    /// @param log Name of the centre's log
    /// @param code The centre's code, for the error
    function _claim(address account, bytes32 log, string memory code) private {
        bytes32 present = _spokenFor[account];
        if (account == address(0) || (present != bytes32(0) && present != log)) revert InvalidAccount(code, account);
        _spokenFor[account] = log;
    }

    /// @notice The centre that keeps a log.
    /// @param log Name of the log
    /// @return centre The centre
    function _known(bytes32 log) private view returns (Centre storage centre) {
        centre = _centres[log];
        if (centre.logAccount == address(0)) revert UnknownLog(log);
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
