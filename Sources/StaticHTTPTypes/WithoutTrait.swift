#if !HTTPTypes
  /// The responder is there with the trait `HTTPTypes`.
  @available(*, unavailable, message: "add traits: [\"HTTPTypes\"] to the dependency on staticd")
  public struct StaticResponder<Chunk> {
    /// Takes anything, so that the one error tells of the trait.
    public init(_ assets: Any, chunk makeChunk: @escaping ([UInt8]) -> Chunk) {}
  }
#endif
