internal import StaticServer

/// The options of the admin listener and of the health path.
struct AdminOptions {
  let arguments: MergedArguments

  /// The address of the admin pages; nil for none.
  ///
  /// - Throws: `CommandFailure` for a malformed address, and for one that other machines can reach
  ///   without `--admin-public`.
  func address() throws -> ListenAddress? {
    guard let text = arguments.text(.admin) else {
      guard !arguments.isOn(.adminPublic) else {
        throw arguments.failure(.adminPublic, nil, "there is no --admin; add it or leave this out")
      }
      return nil
    }
    let address: ListenAddress
    do throws(ListenAddress.Malformed) {
      address = try ListenAddress(text)
    } catch {
      throw CommandFailure(.usage, "\(arguments.place(of: .admin)) \(error)")
    }
    guard arguments.isOn(.adminPublic) || address.isPrivate else {
      throw arguments.failure(
        .admin,
        text,
        "other machines could reach it; give 127.0.0.1:PORT or unix:PATH, or add --admin-public"
      )
    }
    return address
  }

  /// Throws if the admin address is one of `listeners`.
  func refuseOverlap(with listeners: [ListenAddress]) throws {
    guard let address = try address(), AddressOverlap.first(of: listeners, address) != nil else {
      return
    }
    throw arguments.failure(
      .admin,
      arguments.text(.admin),
      "--listen has that address; give another one"
    )
  }

  /// The path of health probes; nil for none.
  func healthPath() throws -> String? {
    guard let path = arguments.text(.healthPath) else { return nil }
    guard path.utf8.first == UInt8(ascii: "/") else {
      throw arguments.failure(.healthPath, path, "give a path that begins with '/', such as /up")
    }
    let isPlain = path.utf8.allSatisfy { byte in
      byte > 0x20 && byte < 0x7F && ![UInt8(ascii: "?"), UInt8(ascii: "#")].contains(byte)
    }
    guard isPlain, path.utf8.count <= 1024 else {
      throw arguments.failure(
        .healthPath,
        path,
        "give a path as it stands in a request: printable ASCII without a space, '?' or '#'"
      )
    }
    return path
  }

  /// Applies the options to `configuration`.
  func apply(to configuration: inout StaticServer.Configuration) throws {
    var mistakes = Mistakes()
    configuration.measuresLatency = try mistakes.reading { try address() != nil } ?? false
    configuration.healthPath = try mistakes.reading { try healthPath() } ?? nil
    let listeners = configuration.listeners
    try mistakes.refuse()
    try refuseOverlap(with: listeners)
  }
}

extension ListenAddress {
  /// Whether only processes on this machine can connect.
  var isPrivate: Bool {
    switch self {
    case .unix: true
    case .ipv4(let host, _): host >> 24 == 127
    case .ipv6(let bytes, _):
      bytes == Array(repeating: 0, count: 15) + [1]
        || bytes.prefix(13) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127]
    case .inherited: false
    }
  }

  /// Whether it is a TCP port, which a page in a browser can connect to.
  var isTCP: Bool {
    switch self {
    case .ipv4, .ipv6: true
    case .unix, .inherited: false
    }
  }
}
