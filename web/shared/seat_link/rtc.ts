// One WebRTC data channel to the own centre's node; it carries text and reports when it is gone, nothing more.

export type Offer = { type: "offer"; sdp: string };
export type Answer = { type: "answer"; sdp: string };
export type Signal = (offer: Offer) => Promise<Answer>;

/** A connection that was built once and is never repaired: when it is lost, a new one is built. */
export interface Channel {
  send(text: string): void;
  close(): void;
}
export type ChannelEvents = { onText: (text: string) => void; onLost: () => void };

const GATHERING_MS = 2000;
const OPENING_MS = 8000;

/** Connects, or rejects with the code of what did not work. */
export async function connect(signal: Signal, events: ChannelEvents): Promise<Channel> {
  const peer = new RTCPeerConnection({ iceServers: [] });
  const data = peer.createDataChannel("tongping", { ordered: true });
  try {
    await peer.setLocalDescription(await peer.createOffer());
    await gathered(peer);
    const answer = await signal({ type: "offer", sdp: peer.localDescription?.sdp ?? "" });
    await peer.setRemoteDescription(answer);
    await opened(peer, data);
  } catch (error) {
    peer.close();
    throw error;
  }
  return wired(peer, data, events);
}

function wired(peer: RTCPeerConnection, data: RTCDataChannel, events: ChannelEvents): Channel {
  let over = false;
  const close = () => {
    if (over) return;
    over = true;
    peer.close();
    events.onLost();
  };
  data.onmessage = (event: MessageEvent<unknown>) => {
    if (typeof event.data === "string") events.onText(event.data);
  };
  data.onclose = close;
  peer.onconnectionstatechange = () => {
    if (peer.connectionState === "failed" || peer.connectionState === "closed") close();
  };
  return { send: (text) => data.send(text), close };
}

function gathered(peer: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (peer.iceGatheringState === "complete") resolve();
    };
    peer.addEventListener("icegatheringstatechange", check);
    setTimeout(resolve, GATHERING_MS);
    check();
  });
}

function opened(peer: RTCPeerConnection, data: RTCDataChannel): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error("channel-not-opened"));
    const timer = setTimeout(fail, OPENING_MS);
    data.onopen = () => {
      clearTimeout(timer);
      resolve();
    };
    peer.addEventListener("connectionstatechange", () => {
      if (peer.connectionState === "failed") fail();
    });
  });
}
