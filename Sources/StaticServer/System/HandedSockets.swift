/// Listening sockets of one address that one process passes to its successor.
package struct HandedSockets: Equatable, Sendable {
  /// The address that they are bound to.
  package let address: ListenAddress
  /// At least one; the receiver owns them.
  package let descriptors: [Int32]

  /// The sockets `descriptors`, bound to `address`.
  package init(address: ListenAddress, descriptors: [Int32]) {
    self.address = address
    self.descriptors = descriptors
  }

  /// Whether a server configured for `wanted` can use them: the address is equal, or `wanted`
  /// leaves the port to the kernel.
  func fit(_ wanted: ListenAddress) -> Bool {
    switch (address, wanted) {
    case (.ipv4(let host, _), .ipv4(let other, port: 0)): host == other
    case (.ipv6(let host, _), .ipv6(let other, port: 0)): host == other
    default: address == wanted
    }
  }
}
