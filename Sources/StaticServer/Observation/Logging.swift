/// The channels and the writer of the access log, while a server is being created.
struct Logging {
  let writer: LogWriter?

  private let channels: [LogChannel]
  private let format: AccessLog.Format

  init(_ log: AccessLog?, loopCount: Int) throws(StaticServerError) {
    let channels = (0..<loopCount).map { _ in LogChannel(capacity: RequestLog.capacity) }
    self.channels = channels
    format = log?.format ?? .json
    if let log { writer = try LogWriter(channels, to: log) } else { writer = nil }
  }

  func log(ofLoop index: Int) -> RequestLog {
    RequestLog(format, to: writer.map { LogOutput(channel: channels[index], writer: $0) })
  }
}
