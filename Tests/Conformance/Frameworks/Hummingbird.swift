extension Framework {
  /// Hummingbird 2 behind SwiftNIO.
  static let hummingbird = Framework(name: "hummingbird", deviations: [])
}
