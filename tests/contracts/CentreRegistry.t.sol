// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CentreRegistry} from "../../contracts/CentreRegistry.sol";
import {ICentreRegistry} from "../../contracts/interfaces/ICentreRegistry.sol";
import {JINAN, founders} from "./EvidenceAnchor.t.sol";
import {VM} from "./Vm.sol";

/// @title Fuzz tests of the founding
contract CentreRegistryTest {
    function testFuzz_OnlyUpperCaseCodesOfTwoToFourLettersAreTaken(bytes calldata code) external {
        VM.assume(!_isCode(code));
        ICentreRegistry.Centre[] memory centres = founders();
        centres[1].code = string(code);
        VM.expectRevert(abi.encodeWithSelector(ICentreRegistry.InvalidCode.selector, string(code)));
        new CentreRegistry(centres, 2);
    }

    function testFuzz_AWindowMustNotBeEmpty(uint48 from, uint48 until) external {
        VM.assume(from >= until || until <= block.timestamp);
        ICentreRegistry.Centre[] memory centres = founders();
        (centres[2].current.validFrom, centres[2].current.validUntil) = (from, until);
        VM.expectRevert(abi.encodeWithSelector(ICentreRegistry.InvalidWindow.selector, "DL", from, until));
        new CentreRegistry(centres, 2);
    }

    function testFuzz_ACentreIsReadAsItWasFounded(address logAccount, address witness, uint48 from, uint48 until) external {
        VM.assume(from < until && block.timestamp < until && _free(logAccount) && _free(witness));
        ICentreRegistry.Centre[] memory centres = founders();
        (centres[0].current.logAccount, centres[0].current.witnessAccount) = (logAccount, witness);
        (centres[0].current.validFrom, centres[0].current.validUntil) = (from, until);
        CentreRegistry registry = new CentreRegistry(centres, 2);
        assert(keccak256(abi.encode(registry.centreOf(JINAN))) == keccak256(abi.encode(centres[0])));
        VM.warp(until - 1);
        registry.requireLogAccount(JINAN, logAccount);
        assert(registry.requireWitness(witness) == JINAN);
    }

    function testFuzz_AnUnknownLogIsRefused(bytes32 log) external {
        CentreRegistry registry = new CentreRegistry(founders(), 2);
        bytes32[] memory names = registry.logs();
        VM.assume(log != names[0] && log != names[1] && log != names[2]);
        VM.expectRevert(abi.encodeWithSelector(ICentreRegistry.UnknownLog.selector, log));
        registry.requireLogAccount(log, address(this));
    }

    function _free(address account) private pure returns (bool) {
        ICentreRegistry.Centre[] memory centres = founders();
        for (uint256 i = 1; i < 3; ++i) {
            if (account == centres[i].current.logAccount || account == centres[i].current.witnessAccount) return false;
        }
        return account != address(0);
    }

    function _isCode(bytes calldata code) private pure returns (bool) {
        if (code.length < 2 || code.length > 4) return false;
        for (uint256 i = 0; i < code.length; ++i) if (code[i] < "A" || code[i] > "Z") return false;
        return true;
    }
}
