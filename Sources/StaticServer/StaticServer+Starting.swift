internal import StaticAssets

/// The parts of a server, created at its start.
extension StaticServer {
  /// Listens at every address; uses the sockets of another process if they fit.
  static func listen(
    _ configuration: Configuration,
    count: Int
  ) throws(StaticServerError) -> [Listener] {
    var handed = configuration.handedSockets
    var listeners: [Listener] = []
    for address in configuration.listeners {
      if let index = handed.firstIndex(where: { $0.fit(address) }) {
        listeners.append(try Listener(handed.remove(at: index), count: count))
      } else {
        let isIPv6Only = address.leavesIPv4(to: configuration.listeners)
        listeners.append(try Listener(address, count: count, isIPv6Only: isIPv6Only))
      }
    }
    return listeners
  }

  static func gates(
    _ forwarding: ForwardingConfiguration,
    _ mailboxes: [LoopMailbox]
  ) -> [ConcurrencyGate?] {
    let limits = [forwarding.concurrencyMax] + forwarding.others.map(\.concurrencyMax)
    return zip(limits, forwarding.addresses).enumerated().map { number, app in
      guard app.0 > 0, app.1 != nil else { return nil }
      return ConcurrencyGate(
        app: number,
        limit: app.0,
        waitingMax: forwarding.queueCountMax,
        mailboxes: mailboxes
      )
    }
  }

  /// Starts a thread for each of `loops`; when one cannot be started, stops the others and throws.
  static func start(
    _ loops: [LoopOwner],
    _ mailboxes: [LoopMailbox],
    _ end: ServerEnd
  ) throws(StaticServerError) -> [WorkerThread] {
    var threads: [WorkerThread] = []
    do throws(StaticServerError) {
      for (index, (loop, mailbox)) in zip(loops, mailboxes).enumerated() {
        let thread = try WorkerThread(name: "staticd-loop-\(index)") {
          loop.run()
          mailbox.noteEnd()
          end.noteLoopEnd()
        }
        threads.append(thread)
      }
    } catch {
      for mailbox in mailboxes { mailbox.requestStop() }
      for thread in threads { thread.join() }
      throw error
    }
    return threads
  }

  /// The default of `connectionsMax`: a forwarded request needs a second descriptor for the app,
  /// and up to two for spool files.
  static func connectionsMax(_ configuration: Configuration, isLive: Bool) -> Int {
    // Live files are kept open.
    let liveCount = isLive ? DescriptorLimit.current / 8 : 0
    let count = max(1, DescriptorLimit.connectionsMax - liveCount)
    return configuration.apps == nil ? count : max(1, count / 2)
  }
}
