/// One of the apps that a loop forwards to, with the requests that wait for it.
///
/// Confined to the thread of its loop.
struct ForwardedApp {
  /// The address; nil for a handler, and for an unused peer slot.
  var address: UpstreamAddress?
  /// The properties that determine whether a request is repeated.
  let retry: RetryPolicy.App
  /// The time that a request waits while nothing listens at the address, in milliseconds.
  var holdTime: Int64
  /// Whether each request begins with the PROXY protocol.
  let sendsProxyProtocol: Bool
  var queue = UpstreamQueue()
  /// The time until which a failed peer is not asked, in monotonic milliseconds.
  var downUntil: Int64 = 0

  /// The apps of `configuration`, in the order of its `paths`, then the slots for peers.
  ///
  /// Properties of the first app, such as its first read, do not apply to the others.
  static func all(_ configuration: ForwardingConfiguration) -> [ForwardedApp] {
    let addresses = configuration.addresses
    let peerCount = configuration.peers.isOn ? PeerList.countMax : 0
    let peer = ForwardedApp(
      address: nil,
      retry: RetryPolicy.App(isLocal: false, firstReadByteCount: 0),
      holdTime: 0,
      sendsProxyProtocol: false
    )
    return addresses.indices.map { number in
      let address = addresses[number]
      return ForwardedApp(
        address: address,
        retry: RetryPolicy.App(
          isLocal: address?.isLocal ?? false,
          firstReadByteCount: number == 0 ? configuration.firstReadByteCount : 0,
          isFirstReadCertain: configuration.isFirstReadCertain
        ),
        holdTime: number == 0 ? ExchangeDeadline.hold.milliseconds(configuration) : 0,
        sendsProxyProtocol: number == 0
          ? configuration.sendsProxyProtocol : configuration.others[number - 1].sendsProxyProtocol
      )
    } + Array(repeating: peer, count: peerCount)
  }
}
