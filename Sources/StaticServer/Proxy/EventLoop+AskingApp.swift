internal import CLinux
internal import Glibc
internal import StaticAssets

/// The app's side of a forwarded request: a connection, and the request on it.
extension EventLoop {
  /// Bytes of content that the app is sent in one turn, so that others get theirs.
  private static let contentBytesPerTurn: Int64 = 2 << 20
  /// What every server reads with one call, if it is there: gunicorn, the smallest, takes 8192 bytes.
  private static let readAtOnceBytesMax: Int64 = 4096
  /// How long a try to connect waits for the next, in milliseconds.
  private static let retryTime: Int64 = 20

  /// Hands on a request whose content has come.
  mutating func askApp(_ exchange: ProxyExchange) {
    exchange.phase = .exchanging
    exchange.askTime = now
    switch forwarder?.configuration.app {
    case .upstream: askUpstream(exchange)
    case .handler(let handler): call(handler, exchange)
    case nil: break
    }
  }

  /// Sends a request to the app: on a kept connection if there is one and the request can be repeated
  /// should the app close it just then, as gunicorn's threads do at a reload.
  private mutating func askUpstream(_ exchange: ProxyExchange) {
    guard let forwarder else { return }
    exchange.appHead += Self.framingFields(of: exchange)
    exchange.connectStart = now
    if exchange.request.isRepeatable || resetsTellUnread(exchange),
      let number = forwarder.apps.take(for: exchange.client, at: now)
    {
      exchange.app = number
      exchange.isReused = true
      exchange.appInterest = UInt32(CLINUX_READABLE)
      setDeadline(exchange, now + forwarder.responseTime)
      sendRequest(exchange)
    } else {
      connectToApp(exchange)
    }
  }

  /// Whether a reset of the connection means that the app has not seen the request.
  ///
  /// On one machine a connection is reset when it is closed with something unread in it. That is the
  /// whole request where it went in with one call and is no larger than what any server reads with one.
  func resetsTellUnread(_ exchange: ProxyExchange) -> Bool {
    guard let forwarder, forwarder.isLocal else { return false }
    return Int64(exchange.appHead.count) + exchange.content.count <= Self.readAtOnceBytesMax
  }

  /// What tells the app where the content ends, and what is asked of the connection to it; then the
  /// empty line.
  private static func framingFields(of exchange: ProxyExchange) -> [UInt8] {
    var text = ""
    var options: [String] = []
    if exchange.request.hasContent { text += "Content-Length: \(exchange.content.count)\r\n" }
    if exchange.request.takesTrailers {
      options.append("TE")
      text += "TE: trailers\r\n"
    }
    if !exchange.request.upgrade.isEmpty { options.append("upgrade") }
    if !options.isEmpty { text += "Connection: \(options.joined(separator: ", "))\r\n" }
    var fields = Array(text.utf8)
    if !exchange.request.upgrade.isEmpty {
      fields += Array("Upgrade: ".utf8) + exchange.request.upgrade + [0x0D, 0x0A]
    }
    return fields + [0x0D, 0x0A]
  }

  /// Makes another connection in the place of a kept one that was closed.
  mutating func connectAfresh(_ exchange: ProxyExchange) {
    releaseApp(exchange, isReusable: false)
    exchange.connectStart = now
    connectToApp(exchange)
  }

  /// Makes a connection for `exchange`, and sends the request once it stands.
  mutating func connectToApp(_ exchange: ProxyExchange) {
    guard let forwarder, let upstream = forwarder.upstream else { return }
    let result = upstream.connect()
    guard result >= 0 else {
      connectingFailed(exchange, Int32(-result))
      return
    }
    let number = Int32(result)
    _ = forwarder.apps.begin(number, for: exchange.client)
    exchange.app = number
    exchange.appInterest = 0
    exchange.isReused = false
    exchange.sentCount = 0
    exchange.stopsSending = false
    exchange.phase = .exchanging
    setDeadline(exchange, now + forwarder.connectTime)
    sendRequest(exchange)
  }

  /// The app cannot be reached: it may be asked again, or the client is told.
  private mutating func connectingFailed(_ exchange: ProxyExchange, _ code: Int32) {
    guard let forwarder else { return }
    let isFull = code == EAGAIN
    // An app that has ended is not waited for.
    let isHeld =
      forwarder.holdTime > 0 && drainDeadline == nil && (code == ECONNREFUSED || code == ENOENT)
    guard isFull || isHeld else {
      switch code {
      case EMFILE, ENFILE, ENOBUFS, ENOMEM: fail(exchange, .serviceUnavailable)
      case ETIMEDOUT: fail(exchange, .gatewayTimeout)
      default: fail(exchange, .badGateway)
      }
      return
    }
    let time = isHeld ? forwarder.holdTime : forwarder.connectTime
    guard now < exchange.connectStart + time else {
      fail(exchange, .serviceUnavailable)
      return
    }
    exchange.phase = .waitingToConnect
    exchange.deadline = .max
    exchange.retryTime = now + Self.retryTime
    forwardsAgain = min(forwardsAgain, exchange.retryTime)
  }

  /// Sends as much of the request as the app takes.
  mutating func sendRequest(_ exchange: ProxyExchange) {
    guard let forwarder else { return }
    let turnEnd = exchange.sentCount + Self.contentBytesPerTurn
    while exchange.unsentToApp > 0, exchange.sentCount < turnEnd {
      let result = sendPart(of: exchange)
      if result == -Int(EAGAIN) || result == -Int(EINTR) { break }
      guard result > 0 else {
        sendingFailed(exchange, Int32(-result))
        return
      }
      exchange.sentCount += Int64(result)
      setDeadline(exchange, now + forwarder.responseTime)
    }
    updateAppInterest(exchange)
  }

  private func sendPart(of exchange: ProxyExchange) -> Int {
    let headCount = exchange.appHead.count
    guard exchange.sentCount < Int64(headCount) else {
      return exchange.content.send(to: exchange.app, from: exchange.sentCount - Int64(headCount))
    }
    let start = Int(exchange.sentCount)
    return exchange.content.send(to: exchange.app, behind: exchange.appHead, from: start)
  }

  /// The app takes nothing more: before the first byte there is no connection, and later it may
  /// have answered already.
  private mutating func sendingFailed(_ exchange: ProxyExchange, _ code: Int32) {
    if exchange.sentCount > 0 {
      exchange.stopsSending = true
      updateAppInterest(exchange)
      receiveFromApp(exchange)
    } else if exchange.isReused {
      // Nothing was sent, so that nothing is repeated.
      connectAfresh(exchange)
    } else {
      releaseApp(exchange, isReusable: false)
      connectingFailed(exchange, code)
    }
  }

  /// Lets go of the app: its connection is kept for another request or closed, a handler's task
  /// cancelled.
  mutating func releaseApp(_ exchange: ProxyExchange, isReusable: Bool) {
    releaseHandler(exchange, cancelling: true)
    guard let forwarder, exchange.app >= 0 else { return }
    let idleTime = min(AppConnections.idleTime, exchange.appIdleTime)
    if isReusable, drainDeadline == nil, idleTime > 0 {
      exchange.isPaused = false
      updateAppInterest(exchange)
      forwarder.apps.keep(exchange.app, from: now, until: now + idleTime)
      forwardsAgain = min(forwardsAgain, now + idleTime)
    } else {
      forwarder.apps.close(exchange.app)
    }
    exchange.app = -1
    exchange.appInterest = 0
  }

  /// Gives the app time until `deadline` for its next sign of life.
  mutating func setDeadline(_ exchange: ProxyExchange, _ deadline: Int64) {
    exchange.deadline = deadline
    forwardsAgain = min(forwardsAgain, deadline)
  }

  /// Tells epoll what to report of the app; nothing at all while it is paused, for its end would be
  /// reported without end.
  func updateAppInterest(_ exchange: ProxyExchange) {
    guard let forwarder, exchange.app >= 0 else { return }
    var interest: UInt32 = exchange.isPaused ? 0 : UInt32(CLINUX_READABLE)
    if exchange.unsentToApp > 0 { interest |= UInt32(CLINUX_WRITABLE) }
    guard interest != exchange.appInterest else { return }
    let operation =
      exchange.appInterest == 0 ? CLINUX_ADD : interest == 0 ? CLINUX_DELETE : CLINUX_MODIFY
    let data = ReadyEvents.data(exchange.app, forwarder.apps.mark(of: exchange.app))
    _ = clinux_epoll_control(epoll.number, Int32(operation), exchange.app, interest, data)
    exchange.appInterest = interest
  }
}
