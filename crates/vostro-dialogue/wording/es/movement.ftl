# El dinero en movimiento: preguntas, propuestas, recibos, rechazos.
confirm-movement = Por favor, confirma: { $what } ¿Sigo adelante? Responde sí para confirmar o no para cancelar.
confirm-end = Por favor, confirma: { $what } ¿Sigo adelante? Responde sí para seguir adelante o no para dejarlo como está.
still-waits = Esto todavía espera tu sí o tu no: { $what }
what-bill = pagar tu factura de { $target }, { $amount }, desde { $source }.
what-transfer = transferir { $amount } desde { $source } a { $target }.
done-bill = Hecho. El pago de { $amount } a { $target } desde { $source } está completo. El saldo de esa cuenta es ahora { $balance }.
done-transfer = Hecho. La transferencia de { $amount } desde { $source } a { $target } está completa. El saldo de esa cuenta es ahora { $balance }.
counts-later = Cuenta como hecho el { $day }, el siguiente día hábil.
already-bill = Tu pago de { $amount } desde { $source } a { $target } ya se había completado, y se hizo una sola vez.
already-transfer = Tu transferencia de { $amount } desde { $source } a { $target } ya se había completado, y se hizo una sola vez.
nothing-waits = No hay nada que espere tu respuesta. { $already }

declined-bill = Ese pago no se puede hacer, y no se ha movido nada: { $why }
declined-transfer = Esa transferencia no se puede hacer, y no se ha movido nada: { $why }
declined-at-posting = No se ha podido completar, y no se ha movido nada: { $why }
decline-currency = { $amount } no está en la moneda de { $source }. ¿Qué cantidad en la moneda de esa cuenta debe ser?
decline-funds = { $source } tiene { $available } disponible, menos que { $amount }. ¿Qué cantidad debe ser entonces?
decline-stopped = el banco ha detenido por ahora todas las transferencias y los pagos. Inténtalo más tarde. Los saldos, las transacciones y las preguntas funcionan como siempre.
decline-not-positive = la cantidad tiene que ser mayor que cero. ¿Qué cantidad debe ser?
decline-source-unknown = no encuentro la cuenta desde la que pagar.
decline-source-frozen = la cuenta desde la que pagar está congelada. Una persona puede decirte por qué: di “hablar con una persona”.
decline-source-closed = la cuenta desde la que pagar está cerrada.
decline-target-unknown = no encuentro adónde debería ir.
decline-target-closed = la cuenta a la que debería ir no admite pagos.
decline-same = iría de una cuenta a la misma cuenta.
decline-currencies = las monedas de la cantidad y de las cuentas son distintas.
decline-transfer-limit = supera el límite de { $limit } para una transferencia o un pago. ¿Qué cantidad debe ser entonces? Para una mayor, di “hablar con una persona”.
decline-daily-limit = supera tu límite de { $limit } al día, del que hoy te queda { $left }. ¿Qué cantidad debe ser entonces? Para una mayor, di “hablar con una persona”.
decline-daily-used = tu límite de { $limit } al día está agotado por hoy. Si no puede esperar, di “hablar con una persona”.
decline-held = solo hay { $held } apartado para ello.
decline-short = la cuenta tiene { $available } disponible, y no basta.
decline-too-large = la cantidad es demasiado grande. ¿Qué cantidad debe ser?

left-out = Queda fuera, como dices: { $list }.
left-out-one = { $amount } a { $whom }
left-out-transfer = la otra transferencia
left-out-bill = la otra factura
left-out-change = el otro cambio

ask-amount = ¿Qué cantidad debe ser?
ask-source = ¿De qué cuenta debe salir?
ask-biller = ¿Qué factura quieres pagar?
ask-nearly = Responde sí si es así, o dime el nombre correcto. Nada se mueve antes de que lo confirmes.
ask-target = ¿A quién va la transferencia? Un beneficiario guardado, una de tus cuentas o un número de cuenta.
ask-when = ¿Qué día, o cada cuánto? Di “el viernes”, “cada mes el día 1” o “hoy”.
ask-more = ¿Puedes decirme algo más?
ask-choose = Elige una de estas opciones:
ask-or = También puedes decir “cancelar” o “hablar con una persona”.
choice-cancel = Cancelar
choice-person = Hablar con una persona

trouble-amount = No puedo leer “{ $words }” como una cantidad exacta.
trouble-account-none = No veo esa cuenta.
trouble-account = No veo ninguna cuenta tuya “{ $words }”.
trouble-payee = No tienes ningún beneficiario guardado que se llame “{ $words }”. Puedes darme un número de cuenta.
trouble-nearly-again = ¿Querías decir { $name }?
trouble-nearly = No encuentro a nadie guardado como «{ $words }». ¿Querías decir { $name }?
trouble-biller = No tienes ninguna empresa para “{ $words }”.
trouble-several = Hay más de una opción.
trouble-nothing-due = No hay ninguna cantidad abierta que pueda tomar.
trouble-card = Aquí no se puede enviar dinero desde una tarjeta de crédito.
trouble-same = Esa es la cuenta a la que iría.
trouble-days = No he podido leer “{ $words }” como los días de este pago.
trouble-not-held = Un pago no puede repetirse aquí «{ $words }». Lo más parecido: { $near }.
often-week = cada semana
often-two-weeks = cada dos semanas
often-month = cada mes
often-month-end = cada mes, a fin de mes
often-quarter = cada tres meses
often-year = cada año
trouble-not-understood = Perdona, no te he entendido.

subject-bill = El pago de { $amount } a { $target } desde { $source }
subject-transfer = La transferencia de { $amount } desde { $source } a { $target }
pending-placed = Confirmado. { $what } está en camino. La cantidad está apartada, y será definitiva el { $at }. Hasta entonces puedes anularla: di “cancela esa transferencia”.
pending-waits = No hay nada que espere tu respuesta. { $what } está en camino y será definitiva el { $at }. Hasta entonces puedes anularla: di “cancela esa transferencia”.
pending-recalled = { $what } fue anulada a tiempo. No llegó a ser definitiva, así que no se ha movido nada, y la cantidad vuelve a estar disponible.
recall-nothing = No tienes ninguna transferencia ni ningún pago que todavía se pueda anular. Si quieres que una persona mire uno, di “hablar con una persona”.
recall-too-late = Es demasiado tarde para anularlo. { $already } Si fue un error, di “hablar con una persona”, y alguien mirará qué se puede hacer.
recall-several = Hay más de uno que todavía no es definitivo, así que no se ha cambiado nada. Estos esperan:
    { $list }
    Di “cancela esa transferencia” en la conversación en la que la confirmaste, o “hablar con una persona”.
recall-one = - { $amount } a { $target }, definitivo el { $at }
