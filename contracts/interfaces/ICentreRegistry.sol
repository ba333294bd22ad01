// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The centres of the consortium, and the accounts that speak for them
/// @author Tongping
/// @notice A centre's log is named by `keccak256(lower-case code, ".tongping")`, the hash of its checkpoint origin
/// such as `jn.tongping`. All times are Unix seconds.
interface ICentreRegistry {
    /// @notice One centre (交易中心) of the consortium.
    struct Centre {
        // Two to four upper-case ASCII letters, such as `JN`
        string code;
        // The only account that may anchor the centre's log
        address logAccount;
        // First second in which the accounts are valid
        uint48 validFrom;
        // First second in which they no longer are
        uint48 validUntil;
        // The account that cosigns other centres' logs; may be the log account of the same centre
        address witnessAccount;
        // Address under which the centre's node is reached
        string endpoint;
        // C2SP verifier key of the centre's checkpoints, such as `jn.tongping+1a2b3c4d+A…`
        string verifierKey;
    }

    /// @notice A founding centre was entered.
    /// @param log Name of its log
    /// @param code Its code
    /// @param logAccount Its anchoring account
    /// @param witnessAccount Its cosigning account
    /// @param validFrom First second of validity
    /// @param validUntil First second after it
    event CentreFounded(
        bytes32 indexed log,
        string code,
        address indexed logAccount,
        address indexed witnessAccount,
        uint48 validFrom,
        uint48 validUntil
    );

    /// @notice A consortium of fewer centres could not witness itself.
    /// @param given Centres given
    /// @param minimum Centres needed
    error TooFewCentres(uint256 given, uint256 minimum);
    /// @notice A code is two to four upper-case ASCII letters.
    /// @param code The code given
    error InvalidCode(string code);
    /// @notice The code stands twice.
    /// @param code The code
    error DuplicateCentre(string code);
    /// @notice An account is the zero address, or already speaks for another centre.
    /// @param code The centre that named it
    /// @param account The account
    error InvalidAccount(string code, address account);
    /// @notice The window is empty.
    /// @param code The centre that named it
    /// @param validFrom First second of validity
    /// @param validUntil First second after it
    error InvalidWindow(string code, uint48 validFrom, uint48 validUntil);
    /// @notice A centre without an endpoint or a verifier key cannot be followed.
    /// @param code The centre
    error IncompleteCentre(string code);
    /// @notice No centre keeps this log.
    /// @param log The name asked for
    error UnknownLog(bytes32 log);
    /// @notice No centre cosigns with this account.
    /// @param account The account asked for
    error UnknownWitness(address account);

    /// @notice Who may anchor a log, and when.
    /// @param log Name of the log
    /// @return account The only account that may anchor
    /// @return validFrom First second of validity
    /// @return validUntil First second after it
    function logAccount(
        bytes32 log
    ) external view returns (address account, uint48 validFrom, uint48 validUntil);

    /// @notice For which centre an account cosigns, and when.
    /// @param account The cosigning account
    /// @return log Name of that centre's own log
    /// @return validFrom First second of validity
    /// @return validUntil First second after it
    function witnessOf(
        address account
    ) external view returns (bytes32 log, uint48 validFrom, uint48 validUntil);

    /// @notice One centre with everything that is known of it.
    /// @param log Name of its log
    /// @return centre The centre
    function centreOf(bytes32 log) external view returns (Centre memory centre);

    /// @notice Names of all logs, in the order in which the centres entered.
    /// @return names The names
    function logs() external view returns (bytes32[] memory names);
}
