extension ForwardingConfiguration {
  /// The ranges of the values.
  package enum Range {
    /// The range of the time-outs as command-line options, in seconds, except `startupHold` and
    /// `queueTimeout`.
    package static let seconds = 1...86400
    /// The range of `startupHold` as a command-line option, in seconds.
    package static let holdSeconds = 0...86400
    /// The range of `concurrencyMax`.
    package static let concurrency = 0...1_000_000
    /// The range of `queueTimeout` as a command-line option, in seconds.
    package static let queueSeconds = 0...86400
    /// The range of `queueCountMax`.
    package static let queueCount = 0...(1 << 20)
    /// The range of `contentBytesMax`, `responseBytesMax` and `spoolBytesMax`.
    package static let bytes = 0...(1 << 40)
    /// The range of `memoryBytesMax`.
    package static let memoryBytes = 0...(1 << 30)
  }

  /// Throws if a value is out of its range.
  ///
  /// - Parameter name: the property that has this value.
  func check(_ name: String) throws(StaticServerError) {
    try ValueCheck.number(Int(contentBytesMax), Range.bytes, "\(name).contentBytesMax")
    try ValueCheck.number(Int(responseBytesMax), Range.bytes, "\(name).responseBytesMax")
    try ValueCheck.number(Int(spoolBytesMax), Range.bytes, "\(name).spoolBytesMax")
    try ValueCheck.number(memoryBytesMax, Range.memoryBytes, "\(name).memoryBytesMax")
    try ValueCheck.number(concurrencyMax, Range.concurrency, "\(name).concurrencyMax")
    try ValueCheck.number(queueCountMax, Range.queueCount, "\(name).queueCountMax")
    try ValueCheck.number(firstReadByteCount, 0...(1 << 30), "\(name).firstReadByteCount")
    try ValueCheck.time(connectTimeout, "\(name).connectTimeout")
    try ValueCheck.time(responseTimeout, "\(name).responseTimeout")
    try ValueCheck.time(tunnelTimeout, "\(name).tunnelTimeout")
    try ValueCheck.time(startupHold, orZero: true, "\(name).startupHold")
    try ValueCheck.time(queueTimeout, orZero: true, "\(name).queueTimeout")
    for address in addresses.compactMap(\.self) {
      try ValueCheck.address(address, "\(name).address")
    }
    for address in peers.addresses { try ValueCheck.address(address, "peers.addresses") }
    try ValueCheck.path(path, "\(name).path")
    for other in others {
      try ValueCheck.path(other.path, "\(name).others")
      try ValueCheck.number(other.concurrencyMax, Range.concurrency, "\(name).others")
    }
    try ValueCheck.time(peers.timeout, "peers.timeout")
    try ValueCheck.time(peers.pause, orZero: true, "peers.pause")
    try ValueCheck.number(peers.concurrencyMax, 1...1_000_000, "peers.concurrencyMax")
    for directory in namedFiles { try ValueCheck.path(directory.prefix, "\(name).namedFiles") }
  }
}
