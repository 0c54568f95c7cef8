"""A server of Debian's python3-websockets: echoes every message, pings, and closes as it is asked.

websocket_server.py PORT: a text message "close CODE" has it begin the closing handshake.
"""
import asyncio
import sys

import websockets


async def serve(peer, _path=None):
    pong = await peer.ping(b"from the server")
    async for message in peer:
        if isinstance(message, str) and message.startswith("close "):
            await pong  # the client's answer came through
            await peer.close(int(message.split()[1]), "as asked")
            return
        await peer.send(message)


async def main():
    options = {"max_size": 1 << 22, "ping_interval": None}
    async with websockets.serve(serve, "127.0.0.1", int(sys.argv[1]), **options):
        print("listening", flush=True)
        await asyncio.Future()


if __name__ == "__main__":
    asyncio.run(main())
