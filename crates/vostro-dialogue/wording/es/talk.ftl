# Respuestas sin cifras del cliente.
suggest-balance = ¿Cuál es mi saldo?
suggest-transactions = Muéstrame mis últimas transacciones
suggest-transfer = Hacer una transferencia
suggest-bill = Pagar una factura
anything-else = ¿Puedo ayudarte en algo más?

answer = { $text }

    Fuente: { $titles }
answer-none = No tengo respuesta a eso. Puedo ayudarte con saldos, transacciones, transferencias, pagos de facturas y con cómo funciona el banco, o di “hablar con una persona”.
answer-nearest = No tengo respuesta a eso. Los artículos más cercanos que tengo son:
    { $list }
    Si ninguno te sirve, di “hablar con una persona”.
answer-unavailable = Ahora mismo no puedo consultarlo, porque la base de conocimientos no responde. Los saldos, las transacciones, las transferencias y los pagos de facturas funcionan; para lo demás, inténtalo dentro de un momento o di “hablar con una persona”.

hand-off = { $lead } Tu referencia es { $reference }. Mientras tanto puedes seguir preguntándome.
hand-off-self-harm = Siento mucho que estés pasando por esto. No tienes que afrontarlo a solas. Si estás en peligro, llama ahora al número de emergencias de tu zona. En EE. UU. y Canadá puedes llamar o escribir al 988 a cualquier hora; en otros lugares puede ayudarte la línea local de emergencias o de crisis. He marcado esta conversación para una persona, referencia { $reference }.
hand-off-asked = He puesto esta conversación en la cola para una persona.
hand-off-dispute = Un cargo con el que no estás de acuerdo tiene que verlo una persona. He puesto esta conversación en la cola para una.
hand-off-fraud = Si tu tarjeta o tu acceso están en manos ajenas, llama ahora al número del reverso de tu tarjeta o de tu extracto. También he puesto esta conversación al principio de la cola para una persona.
hand-off-hardship = Gracias por contármelo. Una persona puede verlo contigo; he puesto esta conversación en la cola para una.
hand-off-bereavement = Lo siento mucho. Una persona se ocupará de esto contigo; he puesto esta conversación en la cola para una.
hand-off-unsupported = Eso no puedo hacerlo yo. He puesto esta conversación en la cola para una persona que sí puede.
hand-off-not-understood = Lo siento, no consigo entenderte. He puesto esta conversación en la cola para una persona.
hand-off-high-value = Una cantidad tan grande necesita a una persona. No se ha movido nada. He puesto esta conversación en la cola para una.
passed-on = Se lo he pasado a la persona que lleva esta conversación.
person-gone = La persona acaba de terminar su parte de esta conversación, así que eso no le ha llegado. Por favor, dímelo otra vez.

greeting = ¡Hola! Soy el asistente automático del banco. Puedo mostrar saldos y transacciones, hacer transferencias, pagar facturas y explicar cómo funcionan las cosas. ¿Qué puedo hacer por ti?
thanks = De nada. ¿Puedo ayudarte en algo más?
goodbye = Adiós, y gracias por pasar por aquí.
help = Puedo
    - mostrar el saldo de una cuenta o de todas
    - listar transacciones por período, comercio, categoría o cantidad, y sumar lo que gastaste
    - transferir dinero entre tus cuentas, a un beneficiario guardado o a un número de cuenta
    - pagar tus facturas
    - programar pagos, una vez o cada mes, y listarlos, saltarlos o cancelarlos
    - mostrar el extracto de un mes
    - listar, congelar y reponer tus tarjetas, dar parte de una perdida o robada, fijar su límite, anotar un viaje
    - abrir un caso por una transacción con la que no estás de acuerdo
    - guardar o quitar un beneficiario, cambiar tu dirección, correo o teléfono, y poner avisos de saldo
    - responder preguntas sobre cuentas, tarjetas, comisiones y límites
    - llamar a una persona
    El dinero solo se mueve después de que confirmes origen, beneficiario y cantidad.
identity = Soy un asistente de IA, un programa del banco, no una persona. Si prefieres hablar con una, di “hablar con una persona”.
small-talk = De acuerdo. ¿Hay algo que pueda hacer por ti en el banco?
frustration = Siento que esto sea frustrante. Dime en pocas palabras qué necesitas, o di “hablar con una persona”.

not-open = Esa propuesta ya no está abierta, así que no se ha movido nada. Si todavía lo quieres, pídemelo otra vez y confirma la nueva.
cancelled = Cancelado. No se ha movido nada.
stopped = De acuerdo, lo dejo. No se ha movido nada.
nothing-to-confirm = No hay nada que espere tu confirmación. ¿Qué te gustaría hacer?
one-at-a-time = Atiendo de una en una las cosas que necesitan tu sí: contesta primero a esta y luego paso a la otra.
out-of-scope = Eso queda fuera de lo que puedo hacer. Estoy aquí para tu banca: saldos, transacciones, transferencias, facturas y preguntas sobre el banco.
blocked = No puedo ayudarte con ese mensaje. Si tienes una pregunta sobre tu banco, hazla con otras palabras, o di “hablar con una persona”.
no-source = No tienes ninguna cuenta desde la que se pueda enviar dinero.
too-often = Son muchos pagos en poco tiempo, así que no he preparado este. No se ha hecho nada. Vuelve a intentarlo en unos minutos.
step-up-unavailable = Esto necesita una segunda confirmación que aquí no se puede dar. No se ha hecho nada. Di “hablar con una persona” para que se haga.
factor-code = También hace falta el código de seis cifras de tu aplicación de autenticación: envía el código para confirmar, o di no para cancelar.
factor-approval = También hace falta tu aprobación en la aplicación del banco. Apruébalo allí y luego di sí aquí; o di no para cancelar.
factor-refused = No se ha aceptado y no se ha hecho nada. Puedes intentarlo otra vez, decir no para cancelar, o decir “hablar con una persona”.
not-offered = Todavía no puedo hacer eso en tu banco. Puedo mostrar saldos y movimientos, enviar dinero y pagar facturas. Para lo demás, di “hablar con una persona”.
undecided = Tómate tu tiempo: no se hace nada hasta que digas que sí.
not-understood = Perdona, no te he entendido.
draft-unbacked = No puedo decirlo con palabras que pueda respaldar. Lo que tengo se muestra junto a este mensaje.
draft-blocked = No puedo mostrar esa respuesta. Pregunta con otras palabras, o di “hablar con una persona”.
