"""The gallery's ERC-721 as the services see it."""

from __future__ import annotations

import json
from pathlib import Path

from services.backends import Chain, Database

ARTEFACT = Path("/opt/gallery/contract.json")
GAS = hex(500_000)

# The development chain's first accounts; it signs for them.
ADMIN = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
MINTER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
STRANGER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"


class NotDeployed(RuntimeError):
    """No contract is known."""


def artefact() -> dict[str, object]:
    return json.loads(ARTEFACT.read_text())


def address(store: Database) -> str:
    with store.cursor() as cursor:
        cursor.execute("SELECT value FROM settings WHERE name = 'contract_address'")
        row = cursor.fetchone()
    if row is None:
        raise NotDeployed("the contract is not deployed")
    return str(row[0])


def deploy(chain: Chain) -> str:
    """Sends the creation and mines it; the new contract's address."""
    code = f"{artefact()['bytecode']}{_address_word(ADMIN)}{_address_word(MINTER)}"
    transaction = chain.call("eth_sendTransaction", {"from": ADMIN, "data": code, "gas": hex(5_000_000)})
    chain.call("evm_mine")
    receipt = chain.call("eth_getTransactionReceipt", transaction)
    if receipt is None or receipt["status"] != "0x1":
        raise NotDeployed(f"deployment {transaction} failed")
    return str(receipt["contractAddress"])


def send_mint(chain: Chain, contract: str, sender: str, owner: str, uri: str) -> str:
    methods = artefact()["methods"]
    assert isinstance(methods, dict)
    data = f"0x{methods['mint(address,string)']}{_address_word(owner)}{_word(0x40)}{_text(uri)}"
    return str(chain.call("eth_sendTransaction", {"from": sender, "to": contract, "data": data, "gas": GAS}))


def _word(number: int) -> str:
    return f"{number:064x}"


def _address_word(address: str) -> str:
    return _word(int(address, 16))


def _text(text: str) -> str:
    body = text.encode()
    return _word(len(body)) + body.hex() + "00" * (-len(body) % 32)
