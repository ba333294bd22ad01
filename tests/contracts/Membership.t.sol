// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CentreRegistry} from "../../contracts/CentreRegistry.sol";
import {EvidenceAnchor} from "../../contracts/EvidenceAnchor.sol";
import {ICentreRegistry} from "../../contracts/interfaces/ICentreRegistry.sol";
import {VM} from "./Vm.sol";

uint256 constant CENTRES = 6;
uint48 constant START = 1_000_000;
uint48 constant END = 2_000_000_000;

/// @title Six centres that come, go, vote, rotate keys and anchor in any order, beside a plain book of what is right
/// @dev The book knows memberships by number and accounts by generation; it shares no code with the registry.
contract Assembly {
    struct Account {
        address account;
        uint256 from;
        uint256 until;
    }

    /// @dev What the book knows of a proposal: all of it must still be so when it is voted for or executed.
    struct Opening {
        ICentreRegistry.Kind kind;
        uint256 subject;
        uint256 version;
        uint256 threshold;
        uint256 expiresAt;
        bool closed;
    }

    CentreRegistry public immutable REGISTRY;
    EvidenceAnchor public immutable ANCHOR;

    string[CENTRES] private _codes = ["JN", "XA", "DL", "BJ", "TJ", "SH"];
    bytes32[CENTRES] private _logs = [
        keccak256("jn.tongping"),
        keccak256("xa.tongping"),
        keccak256("dl.tongping"),
        keccak256("bj.tongping"),
        keccak256("tj.tongping"),
        keccak256("sh.tongping")
    ];
    uint256[CENTRES] private _terms;
    uint256[CENTRES] private _generations;
    Account[CENTRES] private _present;
    Account[CENTRES] private _previous;
    uint256[CENTRES] private _changes;
    uint256[CENTRES] private _moves;
    uint256 private _compositions;
    uint256 private _lastTerm;

    uint256 public members;
    uint256 public votedTwice;
    uint256 public executedTwice;
    uint256 public executedWithoutVotes;
    uint256 public closedTouched;
    uint256 public votesRefused;
    uint256 public ghostsCounted;
    uint256 public wronglyAnchored;
    uint256 public wronglyRefused;
    mapping(uint256 id => mapping(uint256 centre => uint256 term)) private _voted;
    mapping(uint256 id => Opening opening) private _openings;
    mapping(uint256 id => bool done) private _executed;
    mapping(uint256 centre => uint64 size) private _sizes;

    constructor() {
        ICentreRegistry.Centre[] memory founding = new ICentreRegistry.Centre[](3);
        for (uint256 i = 0; i < 3; ++i) founding[i] = _centre(i);
        REGISTRY = new CentreRegistry(founding, 2);
        ANCHOR = new EvidenceAnchor(REGISTRY);
        for (uint256 i = 0; i < 3; ++i) _note(i);
    }

    /// @dev Half of the time passes in hours, else to somewhere in a hundred days.
    function wait(uint32 seconds_) external {
        VM.warp(block.timestamp + (seconds_ % 2 == 0 ? seconds_ % 7_200 : seconds_ % 8_640_000));
    }

    function proposeAddition(uint8 by, uint8 centre) external {
        uint256 subject = centre % CENTRES;
        VM.prank(_present[by % CENTRES].account);
        try REGISTRY.proposeAddition(_centre(subject), uint48(block.timestamp + 30 days)) returns (uint256 id) {
            _opened(id, by % CENTRES, subject);
        } catch {}
    }

    function proposeRemoval(uint8 by, uint8 centre) external {
        uint256 subject = centre % CENTRES;
        VM.prank(_present[by % CENTRES].account);
        try REGISTRY.proposeRemoval(_logs[subject], uint48(block.timestamp + 30 days)) returns (uint256 id) {
            _opened(id, by % CENTRES, subject);
        } catch {}
    }

    function proposeRotation(uint8 by, uint8 centre, uint32 overlap) external {
        uint256 subject = centre % CENTRES;
        ICentreRegistry.Keys memory keys = _keys(subject, _generations[subject] + 1);
        uint48 until = uint48(block.timestamp + (overlap % 1_000_000));
        VM.prank(_present[by % CENTRES].account);
        try REGISTRY.proposeRotation(_logs[subject], keys, until, uint48(block.timestamp + 30 days)) returns (uint256 id) {
            _opened(id, by % CENTRES, subject);
        } catch {}
    }

    function proposeThreshold(uint8 by, uint8 votes) external {
        VM.prank(_present[by % CENTRES].account);
        try REGISTRY.proposeThreshold(votes % 8, uint48(block.timestamp + 30 days)) returns (uint256 id) {
            _opened(id, by % CENTRES, 0);
        } catch {}
    }

    function proposeEndpoint(uint8 by, uint8 centre) external {
        uint256 subject = centre % CENTRES;
        VM.prank(_present[by % CENTRES].account);
        try REGISTRY.proposeEndpoint(_logs[subject], "https://new.example", uint48(block.timestamp + 30 days)) returns (uint256 id) {
            _opened(id, by % CENTRES, subject);
        } catch {}
    }

    function vote(uint8 by, uint16 proposal) external {
        uint256 id = _some(proposal);
        uint256 voter = by % CENTRES;
        bool may = _isOpen(id) && _terms[voter] != 0 && _voted[id][voter] != _terms[voter];
        VM.prank(_present[voter].account);
        try REGISTRY.vote(id) {
            if (!_isOpen(id)) ++closedTouched;
            if (_terms[voter] == 0 || _voted[id][voter] == _terms[voter]) ++votedTwice;
            _voted[id][voter] = _terms[voter];
        } catch {
            if (may) ++votesRefused;
        }
    }

    function withdraw(uint8 by, uint16 proposal) external {
        uint256 id = _some(proposal);
        uint256 voter = by % CENTRES;
        bool may = _isOpen(id) && _terms[voter] != 0 && _voted[id][voter] == _terms[voter];
        VM.prank(_present[voter].account);
        try REGISTRY.withdraw(id) {
            if (!may) ++closedTouched;
            _voted[id][voter] = 0;
            if (_votes(id) == 0) _openings[id].closed = true;
        } catch {
            if (may) ++votesRefused;
        }
    }

    /// @dev Everybody votes who may: so that proposals are executed often enough to matter.
    function voteTogether(uint16 proposal) external {
        for (uint256 i = 0; i < CENTRES; ++i) this.vote(uint8(i), proposal);
        this.execute(0, proposal);
        this.execute(1, proposal);
    }

    /// @dev A member proposes, all vote, it is executed: so that centres come, go and rotate often enough to matter.
    function enact(uint8 action, uint8 centre, uint32 overlap) external {
        uint8 by = 0;
        while (_terms[by] == 0) ++by;
        if (action % 5 == 0) this.proposeAddition(by, centre);
        else if (action % 5 == 1) this.proposeRemoval(by, centre);
        else if (action % 5 == 2) this.proposeEndpoint(by, centre);
        else if (action % 5 == 3) this.proposeThreshold(by, centre);
        else this.proposeRotation(by, centre, overlap);
        this.voteTogether(0);
    }

    function execute(uint8 by, uint16 proposal) external {
        uint256 id = _some(proposal);
        uint256 needed = REGISTRY.threshold();
        bool open = _isOpen(id);
        VM.prank(_present[by % CENTRES].account);
        try REGISTRY.execute(id) {
            if (_executed[id]) ++executedTwice;
            if (!open) ++closedTouched;
            if (_votes(id) < needed || _votes(id) < _openings[id].threshold) ++executedWithoutVotes;
            _executed[id] = true;
            _openings[id].closed = true;
            _book(id);
        } catch {}
    }

    /// @dev Any account of any generation tries to anchor any log.
    function anchor(uint8 centre, uint8 by, uint8 generation) external {
        uint256 subject = centre % CENTRES;
        // Mostly one of its own accounts, of now or of before; sometimes anybody's.
        uint256 own = _generations[subject];
        if (own >= generation % 3) own -= generation % 3;
        address account = by % 8 == 0 ? _account(by % CENTRES, generation % 4) : _account(subject, own);
        uint64 size = _sizes[subject];
        bool right = _terms[subject] != 0 && (_holds(_present[subject], account) || _holds(_previous[subject], account));
        VM.prank(account);
        // A complete tree of one leaf more: one node shows it, whatever the leaves are.
        if (size != 0) return _again(subject, account, right);
        try ANCHOR.anchor(_logs[subject], 0, 1, keccak256("leaf"), new bytes32[](0)) {
            _sizes[subject] = 1;
            if (!right) ++wronglyAnchored;
        } catch {
            if (right) ++wronglyRefused;
        }
    }

    /// @dev Votes that the registry counts although their centre is no member, over all proposals.
    function ghosts() external view returns (uint256 count) {
        uint256 last = REGISTRY.proposals();
        for (uint256 id = 1; id <= last; ++id) {
            bytes32[] memory names = REGISTRY.votesFor(id);
            if (names.length != _votes(id)) ++count;
            for (uint256 i = 0; i < names.length; ++i) if (!REGISTRY.isMember(names[i])) ++count;
        }
    }

    /// @dev Proposals of which the registry says open and the book does not, or the other way round.
    function misjudged() external view returns (uint256 count) {
        uint256 last = REGISTRY.proposals();
        for (uint256 id = 1; id <= last; ++id) {
            if ((REGISTRY.stateOf(id) == ICentreRegistry.State.OPEN) != _isOpen(id)) ++count;
            if (REGISTRY.votesNeeded(id) < _openings[id].threshold) ++count;
        }
    }

    function knows(uint256 i) external view returns (bool same) {
        return REGISTRY.isMember(_logs[i]) == (_terms[i] != 0);
    }

    function _again(uint256 subject, address account, bool right) private {
        bool taken = true;
        try REGISTRY.requireLogAccount(_logs[subject], account) {} catch {
            taken = false;
        }
        if (taken && !right) ++wronglyAnchored;
        if (!taken && right) ++wronglyRefused;
    }

    /// @dev What an executed proposal did, by its kind.
    function _book(uint256 id) private {
        ICentreRegistry.Proposal memory proposal = REGISTRY.proposalOf(id);
        uint256 subject = _openings[id].subject;
        if (proposal.kind == ICentreRegistry.Kind.ADDITION) {
            ICentreRegistry.Centre memory centre = abi.decode(proposal.content, (ICentreRegistry.Centre));
            _note(subject);
            _present[subject].account = centre.current.logAccount;
        } else if (proposal.kind == ICentreRegistry.Kind.REMOVAL) {
            _terms[subject] = 0;
            delete _previous[subject];
            --members;
            ++_changes[subject];
            ++_compositions;
        } else if (proposal.kind == ICentreRegistry.Kind.ROTATION) {
            (, ICentreRegistry.Keys memory keys, uint48 until) = abi.decode(
                proposal.content,
                (bytes32, ICentreRegistry.Keys, uint48)
            );
            _previous[subject] = _present[subject];
            if (until < _previous[subject].until) _previous[subject].until = until;
            _present[subject] = Account(keys.logAccount, keys.validFrom, keys.validUntil);
            ++_generations[subject];
            ++_changes[subject];
        } else if (proposal.kind == ICentreRegistry.Kind.ENDPOINT) {
            ++_moves[subject];
        } else {
            ++_compositions;
        }
    }

    function _note(uint256 i) private {
        _terms[i] = ++_lastTerm;
        _present[i] = Account(_account(i, _generations[i]), START, END);
        ++members;
        ++_changes[i];
        ++_compositions;
    }

    function _opened(uint256 id, uint256 by, uint256 subject) private {
        if (_terms[by] == 0) ++ghostsCounted;
        _voted[id][by] = _terms[by];
        ICentreRegistry.Proposal memory opened = REGISTRY.proposalOf(id);
        _openings[id] = Opening(opened.kind, subject, _version(opened.kind, subject), REGISTRY.threshold(), opened.expiresAt, false);
    }

    function _isOpen(uint256 id) private view returns (bool) {
        Opening memory one = _openings[id];
        return !one.closed && block.timestamp < one.expiresAt && one.version == _version(one.kind, one.subject);
    }

    function _version(ICentreRegistry.Kind kind, uint256 subject) private view returns (uint256) {
        if (kind == ICentreRegistry.Kind.THRESHOLD) return _compositions;
        if (kind == ICentreRegistry.Kind.ENDPOINT) return _changes[subject] * 1_000_000 + _moves[subject];
        return _changes[subject];
    }

    function _votes(uint256 id) private view returns (uint256 votes) {
        for (uint256 i = 0; i < CENTRES; ++i) if (_terms[i] != 0 && _voted[id][i] == _terms[i]) ++votes;
    }

    function _some(uint16 proposal) private view returns (uint256 id) {
        uint256 last = REGISTRY.proposals();
        // Mostly the last few: what is old has expired.
        return last == 0 ? 1 : last - (proposal % (last > 4 ? 4 : last));
    }

    function _holds(Account memory one, address account) private view returns (bool) {
        return one.account == account && one.from <= block.timestamp && block.timestamp < one.until;
    }

    function _centre(uint256 i) private view returns (ICentreRegistry.Centre memory) {
        return ICentreRegistry.Centre(_codes[i], "https://centre.example", _keys(i, _generations[i]));
    }

    function _keys(uint256 i, uint256 generation) private pure returns (ICentreRegistry.Keys memory) {
        address account = _account(i, generation);
        return ICentreRegistry.Keys(account, START, END, account, "key", "");
    }

    function _account(uint256 i, uint256 generation) private pure returns (address) {
        return address(uint160(0xC000 + i * 0x100 + generation));
    }
}

/// @title Invariants of the membership
contract MembershipTest {
    Assembly private _assembly;

    function setUp() external {
        VM.warp(START + 1);
        _assembly = new Assembly();
    }

    /// @dev Tells the test runner whom the invariants are tried on.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_assembly);
    }

    function invariant_TheThresholdLiesBetweenAMajorityAndAllMembers() external view {
        CentreRegistry registry = _assembly.REGISTRY();
        uint256 members = registry.members();
        assert(registry.threshold() <= members && registry.threshold() > members / 2 && members >= 3);
    }

    function invariant_TheMembersAreThoseOfTheBook() external view {
        assert(_assembly.REGISTRY().members() == _assembly.members());
        for (uint256 i = 0; i < CENTRES; ++i) assert(_assembly.knows(i));
    }

    function invariant_ARemovedMembersVotesNeverCount() external view {
        assert(_assembly.ghosts() == 0 && _assembly.ghostsCounted() == 0);
    }

    function invariant_AProposalIsExecutedOnceAndWithItsVotes() external view {
        assert(_assembly.executedTwice() == 0 && _assembly.executedWithoutVotes() == 0);
    }

    function invariant_OnlyAnOpenProposalIsVotedForWithdrawnOrExecuted() external view {
        assert(_assembly.closedTouched() == 0 && _assembly.misjudged() == 0);
    }

    function invariant_AMembersVoteForAnOpenProposalIsTakenAndGivenBack() external view {
        assert(_assembly.votesRefused() == 0);
    }

    function invariant_AMemberVotesOnce() external view {
        assert(_assembly.votedTwice() == 0);
    }

    function invariant_OnlyACentresValidKeyAnchors() external view {
        assert(_assembly.wronglyAnchored() == 0 && _assembly.wronglyRefused() == 0);
    }
}
