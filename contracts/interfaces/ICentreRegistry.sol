// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The centres of the consortium, the accounts that speak for them, and the votes that change both
/// @author Tongping
/// @notice A centre's log is named by `keccak256(lower-case code, ".tongping")`, the hash of its checkpoint origin
/// such as `jn.tongping`. All times are Unix seconds. The registry has no owner: it changes by proposals on which the
/// member centres vote. Votes are counted at execution, among the members at that time, against the threshold at that
/// time or at the proposal, whichever is higher. A proposal is bound to what it would change as that was when it was
/// opened: once that has changed otherwise, the proposal is superseded.
interface ICentreRegistry {
    /// @notice The kind of a proposal (提案). Its content is the ABI encoding of the arguments listed here.
    enum Kind {
        // (Centre)
        ADDITION,
        // (bytes32 log)
        REMOVAL,
        // (bytes32 log, Keys keys, uint48 overlapUntil)
        ROTATION,
        // (bytes32 log, string endpoint)
        ENDPOINT,
        // (uint256 threshold)
        THRESHOLD,
        // (address successor)
        SUCCESSOR
    }

    /// @notice What has become of a proposal.
    enum State {
        // It can be voted for, and executed once it has its votes
        OPEN,
        // It was applied
        EXECUTED,
        // The last member that had voted for it withdrew
        WITHDRAWN,
        // Its time ran out, and what it would change is still as it was
        EXPIRED,
        // What it would change has changed otherwise since it was opened
        SUPERSEDED
    }

    /// @notice The accounts and public keys of one centre, and the time in which they count.
    struct Keys {
        // The only account that may anchor the centre's log, and that votes for the centre
        address logAccount;
        // First second in which the accounts are valid
        uint48 validFrom;
        // First second in which they are no longer valid
        uint48 validUntil;
        // The account that cosigns other centres' logs; may be the log account of the same centre
        address witnessAccount;
        // C2SP verifier key of the centre's checkpoints, such as `jn.tongping+1a2b3c4d+A…`
        string verifierKey;
        // C2SP verifier key of its cosignatures on others' checkpoints, `jn.tongping/witness+…`; may be empty
        string witnessKey;
    }

    /// @notice One centre (交易中心) of the consortium.
    struct Centre {
        // Two to four upper-case ASCII letters, such as `JN`
        string code;
        // URL of the centre's node
        string endpoint;
        // Its present keys
        Keys current;
    }

    /// @notice One proposal.
    struct Proposal {
        // What it would change
        Kind kind;
        // First second in which it can be neither voted for nor executed
        uint48 expiresAt;
        // True once it was executed, which happens only once
        bool executed;
        // Name of the log of the centre that opened it
        bytes32 proposer;
        // ABI encoding of the arguments listed for its kind
        bytes content;
    }

    /// @notice A centre became a member.
    /// @param log Name of its log
    /// @param code Its code
    /// @param logAccount Its anchoring account
    /// @param witnessAccount Its cosigning account
    /// @param validFrom First second of validity
    /// @param validUntil First second after it
    event CentreEntered(
        bytes32 indexed log,
        string code,
        address indexed logAccount,
        address indexed witnessAccount,
        uint48 validFrom,
        uint48 validUntil
    );
    /// @notice A centre is no longer a member. Its log stays readable.
    /// @param log Name of its log
    /// @param code Its code
    event CentreRemoved(bytes32 indexed log, string code);
    /// @notice A centre has new keys.
    /// @param log Name of its log
    /// @param logAccount Its anchoring account from now on
    /// @param witnessAccount Its cosigning account from now on
    /// @param validFrom First second of their validity
    /// @param validUntil First second after it
    /// @param previousUntil First second in which the previous accounts are no longer valid
    event KeysRotated(
        bytes32 indexed log,
        address indexed logAccount,
        address indexed witnessAccount,
        uint48 validFrom,
        uint48 validUntil,
        uint48 previousUntil
    );
    /// @notice A centre has a new endpoint.
    /// @param log Name of its log
    /// @param endpoint The endpoint
    event EndpointChanged(bytes32 indexed log, string endpoint);
    /// @notice The number of votes a proposal needs has changed.
    /// @param threshold Votes needed
    /// @param members Members at that moment
    event ThresholdChanged(uint256 threshold, uint256 members);
    /// @notice The consortium has named the next anchor contract.
    /// @param successor The contract
    event SuccessorNamed(address indexed successor);
    /// @notice A proposal was opened; its proposer has voted for it.
    /// @param id Number of the proposal, from 1
    /// @param kind What it would change
    /// @param proposer Name of the log of the centre that opened it
    /// @param expiresAt First second in which it can be neither voted for nor executed
    event ProposalOpened(uint256 indexed id, Kind indexed kind, bytes32 indexed proposer, uint48 expiresAt);
    /// @notice A centre voted for a proposal.
    /// @param id Number of the proposal
    /// @param log Name of the centre's log
    event VoteGiven(uint256 indexed id, bytes32 indexed log);
    /// @notice A centre withdrew its vote for a proposal.
    /// @param id Number of the proposal
    /// @param log Name of the centre's log
    event VoteWithdrawn(uint256 indexed id, bytes32 indexed log);
    /// @notice The last vote for a proposal was withdrawn, and with it the proposal.
    /// @param id Number of the proposal
    event ProposalWithdrawn(uint256 indexed id);
    /// @notice A proposal was executed.
    /// @param id Number of the proposal
    event ProposalExecuted(uint256 indexed id);

    /// @notice A consortium of fewer centres could not witness itself.
    /// @param given Centres there would be
    /// @param minimum Centres needed
    error TooFewCentres(uint256 given, uint256 minimum);
    /// @notice A code is two to four upper-case ASCII letters.
    /// @param code The code given
    error InvalidCode(string code);
    /// @notice A centre of this code is a member already.
    /// @param code The code
    error DuplicateCentre(string code);
    /// @notice An account is the zero address, or is or was bound to another centre.
    /// @param code The centre that named it
    /// @param account The account
    error InvalidAccount(string code, address account);
    /// @notice The window is empty or in the past.
    /// @param code The centre that named it
    /// @param validFrom First second of validity
    /// @param validUntil First second after it
    error InvalidWindow(string code, uint48 validFrom, uint48 validUntil);
    /// @notice A centre without an endpoint or a verifier key cannot be followed.
    /// @param code The centre
    error IncompleteCentre(string code);
    /// @notice Between the end of the previous keys and the start of the new ones the centre could not anchor.
    /// @param code The centre
    /// @param previousUntil First second without the previous keys
    /// @param validFrom First second of the new ones
    error OverlapTooShort(string code, uint48 previousUntil, uint48 validFrom);
    /// @notice The threshold must lie between a majority of the members and all of them.
    /// @param given Votes given as the threshold
    /// @param minimum A majority of the members
    /// @param maximum All members
    error ThresholdOutOfRange(uint256 given, uint256 minimum, uint256 maximum);
    /// @notice The named successor is not a contract.
    /// @param successor The address given
    error InvalidSuccessor(address successor);
    /// @notice A successor is named only once; its own registry names the one after it.
    /// @param successor The contract named before
    error SuccessorFinal(address successor);
    /// @notice A proposal must expire in the future, and within the longest time it may stay open.
    /// @param given Expiry given
    /// @param earliest Earliest second accepted
    /// @param latest Latest second accepted
    error InvalidExpiry(uint48 given, uint256 earliest, uint256 latest);
    /// @notice The caller is not the voting account of a member centre.
    /// @param caller The caller
    error NotMember(address caller);
    /// @notice There is no such proposal.
    /// @param id The requested number
    error UnknownProposal(uint256 id);
    /// @notice The proposal was executed before.
    /// @param id Number of the proposal
    error AlreadyExecuted(uint256 id);
    /// @notice The proposal has expired.
    /// @param id Number of the proposal
    /// @param expiresAt First second in which it could be neither voted for nor executed
    /// @param present Time of the block
    error ProposalExpired(uint256 id, uint48 expiresAt, uint256 present);
    /// @notice The proposal was withdrawn.
    /// @param id Number of the proposal
    error AlreadyWithdrawn(uint256 id);
    /// @notice What the proposal would change has changed since it was opened.
    /// @param id Number of the proposal
    /// @param version Version of what it would change, when it was opened
    /// @param present Its version now
    error ProposalSuperseded(uint256 id, uint256 version, uint256 present);
    /// @notice The centre has no vote for the proposal that it could withdraw.
    /// @param id Number of the proposal
    /// @param log Name of the centre's log
    error NotVoted(uint256 id, bytes32 log);
    /// @notice The centre has voted for the proposal before.
    /// @param id Number of the proposal
    /// @param log Name of the centre's log
    error AlreadyVoted(uint256 id, bytes32 log);
    /// @notice Too few of the present members have voted for the proposal.
    /// @param id Number of the proposal
    /// @param votes Votes that count
    /// @param threshold Votes needed: the threshold now or when it was opened, whichever is higher
    error TooFewVotes(uint256 id, uint256 votes, uint256 threshold);
    /// @notice No centre keeps or kept this log.
    /// @param log The requested name
    error UnknownLog(bytes32 log);
    /// @notice The centre that kept this log is no longer a member.
    /// @param log Name of the log
    error CentreGone(bytes32 log);
    /// @notice No centre cosigns with this account.
    /// @param account The requested account
    error UnknownWitness(address account);
    /// @notice The account may not anchor this log.
    /// @param log Name of the log
    /// @param caller The account
    /// @param account The account that may
    error NotLogAccount(bytes32 log, address caller, address account);
    /// @notice The account is outside its window.
    /// @param account The account
    /// @param validFrom First second of validity
    /// @param validUntil First second after it
    /// @param present Time of the block
    error AccountNotValid(address account, uint48 validFrom, uint48 validUntil, uint256 present);

    /// @notice Propose a new member. A removed centre may return under its code.
    /// @dev Only members, as with every proposal; the proposer votes for it.
    /// @param centre The centre
    /// @param expiresAt First second in which the proposal is no longer open; at most 90 days ahead
    /// @return id Number of the proposal
    function proposeAddition(Centre calldata centre, uint48 expiresAt) external returns (uint256 id);

    /// @notice Propose to remove a member: from then on it can neither anchor, cosign nor vote.
    /// @param log Name of its log
    /// @param expiresAt First second in which the proposal is no longer open
    /// @return id Number of the proposal
    function proposeRemoval(bytes32 log, uint48 expiresAt) external returns (uint256 id);

    /// @notice Propose new keys for a centre.
    /// @param log Name of its log
    /// @param keys Its keys from then on
    /// @param overlapUntil First second in which the previous accounts are no longer valid; 0 ends them at once
    /// @param expiresAt First second in which the proposal is no longer open
    /// @return id Number of the proposal
    function proposeRotation(
        bytes32 log,
        Keys calldata keys,
        uint48 overlapUntil,
        uint48 expiresAt
    ) external returns (uint256 id);

    /// @notice Propose a new endpoint for a centre.
    /// @param log Name of its log
    /// @param endpoint The endpoint
    /// @param expiresAt First second in which the proposal is no longer open
    /// @return id Number of the proposal
    function proposeEndpoint(bytes32 log, string calldata endpoint, uint48 expiresAt) external returns (uint256 id);

    /// @notice Propose a new number of votes that a proposal needs.
    /// @param votes From a majority of the members to all of them
    /// @param expiresAt First second in which the proposal is no longer open
    /// @return id Number of the proposal
    function proposeThreshold(uint256 votes, uint48 expiresAt) external returns (uint256 id);

    /// @notice Propose the next anchor contract. Readers switch to it once it is named.
    /// @param contract_ The contract
    /// @param expiresAt First second in which the proposal is no longer open
    /// @return id Number of the proposal
    function proposeSuccessor(address contract_, uint48 expiresAt) external returns (uint256 id);

    /// @notice Vote for an open proposal. Each member once, and again after it withdrew.
    /// @param id Number of the proposal
    function vote(uint256 id) external;

    /// @notice Withdraw the own vote for an open proposal. With its last vote the proposal is withdrawn for good.
    /// @param id Number of the proposal
    function withdraw(uint256 id) external;

    /// @notice Execute an open proposal for which enough of the present members have voted. Any member may.
    /// @param id Number of the proposal
    function execute(uint256 id) external;

    /// @notice Require the account that may anchor a log now: the present one or, in an overlap, the previous.
    /// @param log Name of the log
    /// @param account The account
    function requireLogAccount(bytes32 log, address account) external view;

    /// @notice Require an account that may cosign now.
    /// @param account The account
    /// @return log Name of the log of its centre
    function requireWitness(address account) external view returns (bytes32 log);

    /// @notice One centre with all its data, member or not.
    /// @param log Name of its log
    /// @return centre The centre; after its removal its keys' window ends with it
    function centreOf(bytes32 log) external view returns (Centre memory centre);

    /// @notice The keys a centre had before its present ones; all empty when it never rotated them.
    /// @param log Name of its log
    /// @return keys The keys, and the window in which their accounts still count
    function previousKeys(bytes32 log) external view returns (Keys memory keys);

    /// @notice Whether a centre is a member.
    /// @param log Name of its log
    /// @return member True from its entry to its removal
    function isMember(bytes32 log) external view returns (bool member);

    /// @notice Names of all logs, including removed centres', in the order in which the centres first joined.
    /// @return names The names
    function logs() external view returns (bytes32[] memory names);

    /// @notice How many centres are members.
    /// @return count Centres
    function members() external view returns (uint256 count);

    /// @notice How many votes a proposal needs.
    /// @return votes Votes
    function threshold() external view returns (uint256 votes);

    /// @notice The next anchor contract of the consortium.
    /// @return contract_ The contract; zero when none was named
    function successor() external view returns (address contract_);

    /// @notice How many proposals were opened; their numbers run from 1 to this one.
    /// @return count Proposals
    function proposals() external view returns (uint256 count);

    /// @notice One proposal.
    /// @param id Its number
    /// @return proposal The proposal
    function proposalOf(uint256 id) external view returns (Proposal memory proposal);

    /// @notice What has become of a proposal. All but open are final, except that an expired one may yet be superseded.
    /// @param id Its number
    /// @return state Its state at the time of the block
    function stateOf(uint256 id) external view returns (State state);

    /// @notice How many votes a proposal needs: the threshold now or when it was opened, whichever is higher.
    /// @param id Its number
    /// @return votes Votes
    function votesNeeded(uint256 id) external view returns (uint256 votes);

    /// @notice How often a centre entered, was removed or got other keys. Proposals about it are bound to this.
    /// @param log Name of its log
    /// @return version Zero when it never was a member
    function keyVersion(bytes32 log) external view returns (uint256 version);

    /// @notice The members whose votes for a proposal count at this moment.
    /// @param id Its number
    /// @return names Names of their logs
    function votesFor(uint256 id) external view returns (bytes32[] memory names);
}
