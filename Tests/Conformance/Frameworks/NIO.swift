extension Framework {
  /// SwiftNIO's HTTP/1 pipeline.
  static let nio = Framework(name: "nio", deviations: [])
}
