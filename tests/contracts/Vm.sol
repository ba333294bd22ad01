// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The few powers over the chain that these tests use
interface Vm {
    function prank(address sender) external;
    function warp(uint256 time) external;
    function assume(bool condition) external pure;
    function expectRevert(bytes calldata data) external;
}

/// @dev The address at which every Solidity test runner answers.
Vm constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
