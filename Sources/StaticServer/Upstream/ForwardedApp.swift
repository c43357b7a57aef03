/// One of the apps that a loop forwards to, with the requests that wait for it.
///
/// Confined to the thread of its loop.
struct ForwardedApp {
  /// The address; nil for a handler.
  let address: UpstreamAddress?
  /// The properties that decide about repetitions.
  let retry: RetryPolicy.App
  /// How long a request waits while nothing listens at the address, in milliseconds.
  var holdTime: Int64
  /// Whether each request begins with the PROXY protocol.
  let sendsProxyProtocol: Bool
  var queue = UpstreamQueue()

  /// The apps of `configuration`, in the order of its `paths`.
  ///
  /// What is known of the first app, such as its first read, is not known of others.
  static func all(_ configuration: ForwardingConfiguration) -> [ForwardedApp] {
    let addresses = configuration.addresses
    return addresses.indices.map { number in
      let address = addresses[number]
      return ForwardedApp(
        address: address,
        retry: RetryPolicy.App(
          isLocal: address?.isLocal ?? false,
          firstReadByteCount: number == 0 ? configuration.firstReadByteCount : 0
        ),
        holdTime: number == 0 ? ExchangeDeadline.hold.milliseconds(configuration) : 0,
        sendsProxyProtocol: number == 0
          ? configuration.sendsProxyProtocol : configuration.others[number - 1].sendsProxyProtocol
      )
    }
  }
}
