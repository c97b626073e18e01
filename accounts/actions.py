def new_data_key(owner: uuid.UUID, scope: str) -> sealing.Key:
    """Make the data key of a row that is being created in this transaction: one INSERT, no look-up first."""
    place, row = _wrapping_place(owner, scope)
    secret = sealing.new_secret()
    DataKey.objects.create(
        owner=owner, scope=scope, wrapped=sealing.seal(secret.hex(), key_ring().keys(scope)[0], place, row)
    )
    return sealing.Key("c1", secret)
